import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import NotificationsContract
import ServiceKit
import SharedTypes

/// `/v1/notification-preferences`.
struct PreferenceRoutes {
    private typealias API = NotificationsAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListNotificationPreferences.self, list)
        routes.read(API.FindNotificationPreference.self, find)
        routes.write(API.ReplaceNotificationPreference.self, replace)
        routes.write(API.DeleteNotificationPreference.self, delete)
    }

    @Sendable private func list(
        _ call: Call<API.ListNotificationPreferences>
    ) async throws -> API.ListNotificationPreferences.Output {
        let preferences = try await listPreferences(of: call.user, on: database.acting(as: call.user.uuid))
        return .ok(ListPage(items: preferences.map(API.Preference.init), next: nil))
    }

    @Sendable private func find(
        _ call: Call<API.FindNotificationPreference>
    ) async throws -> API.FindNotificationPreference.Output {
        let preference = try await findPreference(
            call.parameters.category, call.parameters.channel, of: call.user,
            on: database.acting(as: call.user.uuid))
        return .ok(API.Preference(preference), etag: ETag(revision: preference.revision))
    }

    @Sendable private func replace(
        _ call: Call<API.ReplaceNotificationPreference>, _ operation: OperationContext
    ) async throws -> API.ReplaceNotificationPreference.Output {
        let replaced = try await replacePreference(
            call.parameters.category, call.parameters.channel, with: DeliveryPreference(call.body),
            of: call.principal, in: operation.transaction, at: operation.now,
            check: call.requireMatch(revision:))
        return .ok(API.Preference(replaced), etag: ETag(revision: replaced.revision))
    }

    @Sendable private func delete(
        _ call: Call<API.DeleteNotificationPreference>, _ operation: OperationContext
    ) async throws -> API.DeleteNotificationPreference.Output {
        try await deletePreference(
            call.parameters.category, call.parameters.channel, of: call.user, in: operation.transaction,
            check: call.requireMatch(revision:))
        return .noContent
    }
}

extension DeliveryPreference {
    fileprivate init(_ body: NotificationsAPI.ReplaceNotificationPreference.Body) throws(FieldError) {
        self.init(
            isEnabled: body.enabled, quiet: try body.quietHours.map(QuietHours.init(written:)),
            digest: body.digest ?? .none)
    }
}

extension QuietHours {
    fileprivate init(written hours: NotificationsAPI.QuietHours) throws(FieldError) {
        func minutes(_ field: String, _ text: String) throws(FieldError) -> Int {
            guard let minutes = TimeOfDay.minutes(text) else {
                throw FieldError(field: "quiet_hours.\(field)", reason: "is not a time like 22:30")
            }
            return minutes
        }
        let hours = (from: try minutes("from", hours.from), until: try minutes("until", hours.until))
        guard let quiet = QuietHours(from: hours.from, until: hours.until) else {
            throw FieldError(field: "quiet_hours", reason: "must begin and end at different times")
        }
        self = quiet
    }
}

extension NotificationsAPI.Preference {
    fileprivate init(_ effective: EffectivePreference) {
        self.init(
            category: effective.category, channel: effective.channel, enabled: effective.preference.isEnabled,
            quietHours: effective.preference.quiet.map {
                NotificationsAPI.QuietHours(from: TimeOfDay.text($0.from), until: TimeOfDay.text($0.until))
            },
            digest: effective.preference.digest, revision: effective.revision)
    }
}
