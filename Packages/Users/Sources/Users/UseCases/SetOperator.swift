import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// Gives or takes the operator's role. The next access token carries it: after a refresh or a log-in, so within fifteen
/// minutes. Throws `noSuchAccount`.
///
/// It goes through the owner's function `users.set_operator` on the service's own connection. That gives no one a right
/// that they lacked: who holds the service's database role and its sealing key signs any token.
func setOperator(_ isOperator: Bool, email: String, on database: Database, at now: Date) async throws {
    let userID = try await database.setOperator(
        loginEmail: email, makeOperator: isOperator, changedAt: now)
    guard userID != nil else { throw UsersError.noSuchAccount }
}
