import Testing

@testable import DatabaseClient

/// What is read from an error that another node of a Citus cluster has passed on.
@Suite struct ServerErrorTests {
    @Test(arguments: [
        (
            "23505", "duplicate key value violates unique constraint \"users_email_key_102022\"",
            "users_email_key"
        ),
        (
            "23503",
            "insert or update on table \"lots_102199\" violates foreign key constraint \"lots_user_fkey_102199\"",
            "lots_user_fkey"
        ),
        ("23514", "new row for relation \"lots_1\" violates check constraint \"lots_check\"", "lots_check"),
    ])
    func theConstraintIsReadFromTheMessage(code: String, message: String, name: String) {
        #expect(ServerError.constraint(named: message, code).map(ServerError.withoutShard) == name)
    }

    @Test func anotherErrorNamesNone() {
        #expect(ServerError.constraint(named: "permission denied for table \"lots\"", "42501") == nil)
        #expect(ServerError.constraint(named: "null value violates not-null constraint", "23502") == nil)
    }

    @Test(arguments: ["lots_pkey", "lots_2024", "lots_12345", "lots_12345a", "lots", "", "_"])
    func aNameOfItsOwnStays(name: String) { #expect(ServerError.withoutShard(name) == name) }
}
