import DatabaseClient
import ExactTypes
import Foundation
import GroveFactories
import GroveTesting
import SharedTypes
import Testing

@testable import Users

/// What goes with a person, and what keeps a person in place.
@Suite struct ErasureTests {
    /// A user with a row in every table, and more that is hard to take away.
    struct Person {
        let id: String
        let rows: [String: MadeRow]
        let sharedBasket: MadeRow
        let privateBasket: MadeRow

        init(_ factory: Factory, loan status: String) async throws {
            rows = try await factory.makeEveryTable(["loans.loans": ["status": status]])
            let all = rows.sorted { $0.key < $1.key }.map(\.value)
            let user = try #require(rows["users.users"])
            id = try #require(user["id"])
            sharedBasket = try await factory.make(
                "portfolios.baskets", ["visibility": "shared", "owner_id": id])
            _ = try await factory.make("portfolios.basket_assets", under: [sharedBasket])
            privateBasket = try await factory.make(
                "portfolios.baskets", ["visibility": "private", "owner_id": id])
            let version = try await factory.make(
                "portfolios.basket_versions", ["private_to": id], under: [privateBasket])
            let instrument = try await factory.make("market.instruments", ["owner_id": id])
            // Each of these holds in place what it refers to.
            _ = try await factory.make(
                "portfolios.basket_assets", ["private_to": id, "instrument_id": instrument["id"]],
                under: [version])
            _ = try await factory.make(
                "portfolios.transactions", ["instrument_id": instrument["id"]], under: all)
            _ = try await factory.make(
                "automation.auto_invest_rules", ["basket_id": privateBasket["id"]], under: all)
            _ = try await factory.make(
                "trading.positions", ["strategy_id": rows["trading.strategies"]?["id"]], under: [user])
        }
    }

    /// Every column that says whose a row is.
    static let ownership = ["user_id", "owner_id", "private_to"]

    private func rows(of person: Person, _ test: TestDatabase) async throws -> Set<String> {
        var filled: Set<String> = []
        for column in Self.ownership {
            let contents = try await TableContents.read(test.owner, where: column, is: person.id)
            filled.formUnion(contents.filled.map { "\($0).\(column)" })
        }
        return filled
    }

    private func erase(_ person: Person, _ test: TestDatabase) async throws -> Bool {
        try await test.grantEverything(to: "users_service")
        let users = test.database(role: "users_service")
        guard let id = UUID(uuidString: person.id) else { return false }
        return try await users.eraseUser(
            userID: User.ID(id), erasedBy: "operator-7", reason: "They asked.", now: Date())
    }

    @Test func nothingOfAUserIsLeftInAnyTable() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let person = try await Person(factory, loan: "paid_off")
            let other = try await Person(factory, loan: "active")
            let columns = try await TableCatalog.read(test.owner).tables.values.flatMap { table in
                Self.ownership.filter { table.column($0) != nil }.map { "\(table.name).\($0)" }
            }
            #expect(columns.count > 60)
            let before = try await rows(of: person, test)
            #expect(before == Set(columns), "every table had a row to erase")
            let othersBefore = try await TableContents.read(test.owner, where: "user_id", is: other.id)

            let isErased = try await erase(person, test)
            #expect(isErased)
            let after = try await rows(of: person, test)
            #expect(after == [])
            let users = try await test.owner.query("SELECT id::text FROM users.users").many {
                try $0.text(0)
            }
            #expect(users == [other.id])
            let othersAfter = try await TableContents.read(test.owner, where: "user_id", is: other.id)
            #expect(othersAfter == othersBefore)
        }
    }

    /// As ERASURE and the README of Users have it: the record, what was published, and counts.
    @Test func whatWasPublishedPassesToThePlatform() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let person = try await Person(factory, loan: "written_off")
            _ = try await erase(person, test)
            let basket = try await test.owner.query(
                """
                SELECT b.owner_id IS NULL, b.visibility::text, count(a.*)
                FROM portfolios.baskets b JOIN portfolios.basket_assets a ON a.basket_id = b.id
                WHERE b.id = '\(person.sharedBasket["id"] ?? "")' GROUP BY b.id
                """
            ).one { (try $0.bool(0), try $0.text(1), try $0.int(2)) }
            #expect(basket == (true, "shared", 1))
            let gone = try await test.owner.query(
                "SELECT FROM portfolios.baskets WHERE id = '\(person.privateBasket["id"] ?? "")'")
            #expect(gone.rowCount == 0)
            let record = try await test.owner.query(
                """
                SELECT erased_by, reason FROM users.erasures WHERE subject_hash = sha256(uuid_send('\(person.id)'))
                """
            ).one { [try $0.text(0), try $0.text(1)] }
            #expect(record == ["operator-7", "They asked."])
            let kept = try await TableContents.read(test.owner)
            for table in ["market.congress_trades", "users.login_attempts", "experts.expert_records"] {
                #expect(kept.entries[table]?.count == 1, "\(table)")
            }
        }
    }

    @Test(arguments: ["approved", "active", "in_arrears"])
    func anOpenLoanRefusesAndNothingIsChanged(_ status: String) async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let person = try await Person(factory, loan: status)
            let before = try await TableContents.read(test.owner)
            let error = await #expect(throws: DatabaseError.self) { try await erase(person, test) }
            #expect(error?.foreignKeyViolation == "loans_open_collateral_fkey")
            let after = try await TableContents.read(test.owner)
            #expect(after == before)
            // Nor by a bare DELETE, which asks the loan's other key.
            let bare = await #expect(throws: DatabaseError.self) {
                try await test.owner.query("DELETE FROM users.users WHERE id = '\(person.id)'")
            }
            #expect(bare?.foreignKeyViolation == "loans_open_borrower_fkey")
        }
    }

    @Test func nobodyErasesThemselvesAndWhoIsGoneIsGone() async throws {
        try await withTestDatabase { test in
            try await test.grantEverything(to: "users_service")
            let users = test.database(role: "users_service")
            let user = try await test.makeUser()
            let own = await #expect(throws: DatabaseError.self) {
                try await users.eraseUser(
                    userID: user, erasedBy: user.uuid.uuidString.lowercased(), reason: "Mine.", now: Date())
            }
            #expect(own?.sqlState == "42501")
            let first = try await users.eraseUser(
                userID: user, erasedBy: "operator-7", reason: "They asked.", now: Date())
            let second = try await users.eraseUser(
                userID: user, erasedBy: "operator-7", reason: "They asked.", now: Date())
            let isErased = try await users.isErased(userID: user)
            #expect(first && !second && isErased)
        }
    }
}
