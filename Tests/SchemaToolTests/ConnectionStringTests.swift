import Migrations
import Testing

struct ConnectionStringTests {
    @Test(
        arguments: [
            ("postgresql://a:b@h:5432/x?sslmode=require", "postgresql://a:b@h:5432/shadow?sslmode=require"),
            ("postgres://h", "postgres://h/shadow"),
            (
                "postgresql://a@/x?host=%2Ftmp%2Fs&port=5432",
                "postgresql://a@/shadow?host=%2Ftmp%2Fs&port=5432"
            ),
            ("postgresql:///?host=/run/pg&dbname=x", "postgresql:///shadow?host=/run/pg"),
            ("host=h dbname=x", "host=h dbname=x dbname='shadow'"),
        ])
    func pointsAtAnotherDatabase(_ text: String, _ expected: String) {
        #expect(connectionString(text, withDatabase: "shadow") == expected)
    }
}
