import ExactTypes
import Foundation
import SharedTypes

/// When signing keys are made, sign and are dropped: publish new, sign new, keep the old for the token
/// lifetime, drop.
enum SigningKeySchedule {
    /// How long one key signs. Seconds.
    static let signingPeriod: TimeInterval = .days(30)
    /// How long a key is published before it signs: longer than any verifier caches the set. Seconds.
    static let publicationLead: TimeInterval = 3_600
    /// How long a key stays published after it signed last: the token lifetime, and clocks that differ.
    /// Seconds.
    static let retention: TimeInterval = Lifetimes.accessToken + 5 * 60

    struct Key: Sendable {
        let id: SigningKey.ID
        let activatesAt: Date
        /// When the key is dropped; nil for the newest.
        let retiresAt: Date?
    }

    enum Step: Sendable, Equatable {
        case makeFirst
        case makeNext(activatesAt: Date, retiring: SigningKey.ID, retiresAt: Date)
        case wait
    }

    static func step(for keys: [Key], at now: Date) -> Step {
        guard let newest = keys.first(where: { $0.retiresAt == nil }) else { return .makeFirst }
        let isDue = now >= newest.activatesAt.addingTimeInterval(signingPeriod - publicationLead)
        guard isDue else { return .wait }
        let activatesAt = now.addingTimeInterval(publicationLead)
        return .makeNext(
            activatesAt: activatesAt, retiring: newest.id,
            retiresAt: activatesAt.addingTimeInterval(retention))
    }

    /// The key that signs now: the one that became active last. The very first one signs also where this
    /// clock is behind the one that made it, be it by another machine's second or by a rounded microsecond.
    static func signer(of keys: [Key], at now: Date) -> SigningKey.ID? {
        let active = keys.filter { $0.activatesAt <= now }.max { $0.activatesAt < $1.activatesAt }
        return (active ?? keys.min { $0.activatesAt < $1.activatesAt })?.id
    }
}
