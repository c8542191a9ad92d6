import ExactTypes
import SharedTypes

/// The German words.
enum GermanMessages {
    @Sendable static func text(_ message: Message, _ format: MessageFormat) -> MessageText {
        switch message {
        case .levelReached(let level, let experience):
            MessageText(
                title: "Du hast Level \(format.number(level)) erreicht",
                body: "Du hast jetzt \(points(experience, format)). Weiter so.")
        case .questCompleted(_, let title, _, let experience):
            MessageText(
                title: "Quest geschafft: \(title.inline)",
                body: experience > 0
                    ? "Hol dir deine Belohnung von \(points(experience, dative: true, format))."
                    : "Hol dir deine Belohnung.")
        case .achievementUnlocked(_, let title, let tier):
            MessageText(
                title: "Erfolg freigeschaltet: \(title.inline)", body: "Er gehört dir in \(metal(tier)).")
        case .tierClaimed(let season, let tier, let track):
            MessageText(
                title: "Stufe \(format.number(tier)) abgeholt",
                body: "Die Belohnung der \(name(track)) von Saison \(format.number(season)) gehört dir.")
        case .passwordChanged(let at):
            MessageText(
                title: "Dein Passwort wurde geändert",
                body: """
                    Es wurde am \(moment(format.moment(at))) geändert. Wenn du das nicht warst, setze dein Passwort \
                    sofort zurück: Das beendet alle anderen Sitzungen.
                    """)
        case .webhookDisabled(_, let host, let failures):
            MessageText(
                title: "Dein Webhook wurde abgeschaltet",
                body: """
                    \(host.inline) hat \(format.number(failures)) Nachrichten hintereinander nicht angenommen. Es wird \
                    nichts mehr dorthin gesendet. Schalte ihn wieder ein, wenn er bereit ist.
                    """)
        case .webhookSecretLost(_, let host):
            MessageText(
                title: "Dein Webhook braucht ein neues Geheimnis",
                body: """
                    Das Geheimnis deines Webhooks bei \(host.inline) ist nicht mehr lesbar. Es wird nichts mehr dorthin \
                    gesendet. Erzeuge ein neues, dann ist er wieder eingeschaltet.
                    """)
        case .webhookTest:
            MessageText(
                title: "Ein Test",
                body: "Du hast diese Nachricht angefordert. Dein Webhook nimmt an, was Grove sendet.")
        case .webhooksOverfull(let limit):
            MessageText(
                title: "Deine Webhooks kommen nicht nach",
                body: """
                    \(format.number(limit)) Nachrichten warten auf deine Webhooks. Bis es weniger sind, stehen neue nur in \
                    deinem Posteingang.
                    """)
        }
    }

    private static func points(_ count: Int, dative: Bool = false, _ format: MessageFormat) -> String {
        let noun = count == 1 ? "Erfahrungspunkt" : dative ? "Erfahrungspunkten" : "Erfahrungspunkte"
        return "\(format.number(count)) \(noun)"
    }

    private static func metal(_ tier: AchievementTier) -> String {
        switch tier {
        case .bronze: "Bronze"
        case .silver: "Silber"
        case .gold: "Gold"
        case .platinum: "Platin"
        }
    }

    private static func name(_ track: RewardTrack) -> String {
        switch track {
        case .free: "freien Reihe"
        case .premium: "Premium-Reihe"
        }
    }

    private static let months = [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
        "November", "Dezember",
    ]

    private static func moment(_ moment: MessageFormat.Moment) -> String {
        "\(moment.day). \(months[moment.month - 1]) \(moment.year) um \(moment.time) Uhr (\(moment.timeZone))"
    }
}
