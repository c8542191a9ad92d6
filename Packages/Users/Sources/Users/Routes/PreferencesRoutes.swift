import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import ServiceKit
import StrictJSON
import UsersContract

/// `/v1/users/me/preferences`.
struct PreferencesRoutes {
    private typealias API = UsersAPI

    let database: Database
    let events: EventLog

    func add(to routes: EndpointRoutes) {
        routes.read(API.FindPreferences.self, find)
        routes.write(API.ReplacePreferences.self, replace)
    }

    @Sendable private func find(
        _ call: Call<API.FindPreferences>
    ) async throws -> API.FindPreferences.Output {
        let row = try await findPreferences(of: call.principal, on: database.acting(as: call.user.uuid))
        return .ok(try API.Preferences(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func replace(
        _ call: Call<API.ReplacePreferences>, _ operation: OperationContext
    ) async throws -> API.ReplacePreferences.Output {
        let row = try await replacePreferences(
            of: call.principal, with: call.body, events: events, in: operation,
            check: call.requireMatch(revision:))
        return .ok(try API.Preferences(row), etag: ETag(revision: row.revision))
    }
}

extension UsersAPI.Preferences {
    fileprivate init(_ row: UserPreferenceRow) throws {
        self.init(
            baseCurrency: row.baseCurrency, locale: row.locale, theme: row.theme,
            costBasisMethod: row.costBasisMethod, settings: try JSONValue(parsing: row.settings),
            revision: row.revision, updatedAt: row.updatedAt)
    }
}
