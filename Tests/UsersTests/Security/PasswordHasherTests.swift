import Testing

@testable import Users

@Suite struct PasswordHasherTests {
    @Test func verdicts() async throws {
        let hasher = PasswordHasher.shared
        let encoded = try await hasher.hash("unlikely tulip 42")
        #expect(try await hasher.verify("unlikely tulip 42", against: encoded) == .right)
        #expect(try await hasher.verify("unlikely tulip 43", against: encoded) == .wrong)
        // The decoy must be a hash that Argon2id accepts to work on, or an unknown email would answer at
        // once.
        #expect(try await hasher.verify("unlikely tulip 42", against: nil) == .wrong)
    }

    @Test func otherParametersAreOutdated() async throws {
        let old = try Argon2id(memoryKibibytes: 8_192, passes: 1, lanes: 1)
            .hash(Array("unlikely tulip 42".utf8), salt: [UInt8](repeating: 1, count: 16))
        #expect(try await PasswordHasher.shared.verify("unlikely tulip 42", against: old) == .outdated)
    }

    @Test func saltsDiffer() async throws {
        let hasher = PasswordHasher.shared
        #expect(try await hasher.hash("unlikely tulip 42") != hasher.hash("unlikely tulip 42"))
    }

    @Test func aFloodIsRefused() async throws {
        let hasher = PasswordHasher(threads: 1, maximumWaiting: 3)
        let outcomes = await withTaskGroup(of: UsersError?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("unlikely tulip 42")
                        return nil
                    } catch { return error as? UsersError }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains { $0 == nil })
        #expect(outcomes.contains { $0 == .tooManyPasswordsAtOnce })
        // What was refused has given its place back.
        _ = try await hasher.hash("unlikely tulip 42")
    }
}
