import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/notification-preferences`.
struct PreferenceRoutes {
    private static let path: RouterPath = "/v1/notification-preferences/{category}/{channel}"

    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/notification-preferences", use: list)
        router.get(Self.path, use: find)
        router.put(Self.path, use: replace)
        router.delete(Self.path, use: delete)
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        try Fields.query(of: request).finish()
        let preferences = try await listPreferences(
            of: user.userID, on: database.acting(as: user.userID.uuid))
        return try .json(ListAnswer(items: preferences.map(PreferenceAnswer.init), next: nil))
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let (category, channel) = try place(context)
        let preference = try await findPreference(
            category, channel, of: user.userID, on: database.acting(as: user.userID.uuid))
        guard !request.isNotModified(revision: preference.revision) else {
            return .notModified(revision: preference.revision)
        }
        return try .json(PreferenceAnswer(preference), revision: preference.revision)
    }

    @Sendable private func replace(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let (category, channel) = try place(context)
        let fields = try await Fields.body(of: request, context: context)
        let preference = DeliveryPreference(
            isEnabled: try fields.bool("enabled"), quiet: try Self.quietHours(fields),
            digest: try fields.optionalEnumeration("digest", DigestFrequency.self) ?? .none)
        try fields.finish()
        let replaced = try await database.transaction(as: user.userID.uuid) { transaction in
            try await replacePreference(
                category, channel, with: preference, of: user, in: transaction, at: now(),
                check: request.requireMatch(revision:))
        }
        return try .json(PreferenceAnswer(replaced), revision: replaced.revision)
    }

    @Sendable private func delete(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let (category, channel) = try place(context)
        try await database.transaction(as: user.userID.uuid) { transaction in
            try await deletePreference(
                category, channel, of: user.userID, in: transaction, check: request.requireMatch(revision:))
        }
        return .noContent
    }

    private func place(
        _ context: ServiceContext
    ) throws(Problem) -> (NotificationCategory, NotificationChannel) {
        guard let category = context.parameters.get("category").flatMap(NotificationCategory.init(rawValue:)),
            let channel = context.parameters.get("channel").flatMap(NotificationChannel.init(rawValue:))
        else { throw .notFound("notification preference") }
        return (category, channel)
    }

    private static func quietHours(_ fields: Fields) throws -> QuietHours? {
        guard let hours = try fields.optionalObject("quiet_hours") else { return nil }
        func minutes(_ name: String) throws -> Int {
            guard let minutes = TimeOfDay.minutes(try hours.string(name, length: 1...5)) else {
                throw hours.invalid(name, "is not a time of the day like 22:30")
            }
            return minutes
        }
        guard let quiet = QuietHours(from: try minutes("from"), until: try minutes("until")) else {
            throw fields.invalid("quiet_hours", "must begin and end at different times")
        }
        return quiet
    }
}

private struct PreferenceAnswer: Encodable {
    struct Hours: Encodable {
        let from: String
        let until: String
    }

    let category: NotificationCategory
    let channel: NotificationChannel
    let enabled: Bool
    let quietHours: Hours?
    let digest: DigestFrequency
    let revision: Int

    init(_ effective: EffectivePreference) {
        category = effective.category
        channel = effective.channel
        enabled = effective.preference.isEnabled
        quietHours = effective.preference.quiet.map {
            Hours(from: TimeOfDay.text($0.from), until: TimeOfDay.text($0.until))
        }
        digest = effective.preference.digest
        revision = effective.revision
    }
}
