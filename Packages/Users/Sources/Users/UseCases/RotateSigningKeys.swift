import Foundation

extension UsersModule {
    /// Makes the first signing key, or the next when it is due, and drops those whose tokens have all
    /// expired.
    func rotateSigningKeys(at now: Date) async throws { try await signingKeys.rotate(at: now) }
}
