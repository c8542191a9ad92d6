import ExactTypes
import SharedTypes

/// The English words.
enum EnglishMessages {
    @Sendable static func text(_ message: Message, _ format: MessageFormat) -> MessageText {
        switch message {
        case .levelReached(let level, let experience):
            MessageText(
                title: "You reached level \(format.number(level))",
                body: "You have \(points(experience, format)) now. Keep going.")
        case .questCompleted(_, let title, _, let experience):
            MessageText(
                title: "Quest completed: \(title.inline)",
                body: experience > 0
                    ? "Claim your reward of \(points(experience, format))." : "Claim your reward.")
        case .achievementUnlocked(_, let title, let tier):
            MessageText(
                title: "Achievement unlocked: \(title.inline)",
                body: "It is yours in \(metal(tier)).")
        case .tierClaimed(let season, let tier, let track):
            MessageText(
                title: "Tier \(format.number(tier)) claimed",
                body: "The reward of the \(name(track)) track in season \(format.number(season)) is yours.")
        case .passwordChanged(let at):
            MessageText(
                title: "Your password was changed",
                body: """
                    It was changed on \(moment(format.moment(at))). If it was not you, reset your password at once: \
                    that ends every other session.
                    """)
        case .webhookDisabled(_, let host, let failures):
            MessageText(
                title: "Your webhook was switched off",
                body: """
                    \(host.inline) did not accept \(format.number(failures)) messages in a row, so nothing is sent \
                    there any more. Switch it on again when it is well.
                    """)
        case .webhookSecretLost(_, let host):
            MessageText(
                title: "Your webhook needs another secret",
                body: """
                    The secret of your webhook at \(host.inline) cannot be read any more, so nothing is sent there. Make \
                    another secret, and it is on again.
                    """)
        case .webhookTest:
            MessageText(
                title: "A test", body: "You asked for this message. Your webhook takes what Grove sends.")
        case .webhooksOverfull(let limit):
            MessageText(
                title: "Your webhooks fall behind",
                body: """
                    \(format.number(limit)) messages wait for your webhooks. Until there are fewer, new ones are in your \
                    inbox alone.
                    """)
        }
    }

    private static func points(_ count: Int, _ format: MessageFormat) -> String {
        "\(format.number(count)) experience \(count == 1 ? "point" : "points")"
    }

    private static func metal(_ tier: AchievementTier) -> String {
        switch tier {
        case .bronze: "bronze"
        case .silver: "silver"
        case .gold: "gold"
        case .platinum: "platinum"
        }
    }

    private static func name(_ track: RewardTrack) -> String {
        switch track {
        case .free: "free"
        case .premium: "premium"
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    private static func moment(_ moment: MessageFormat.Moment) -> String {
        "\(moment.day) \(months[moment.month - 1]) \(moment.year) at \(moment.time) (\(moment.timeZone))"
    }
}
