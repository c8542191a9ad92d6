import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes
import StrictJSON

/// `/v1/users/me/preferences`.
struct PreferencesRoutes {
    let database: Database
    let events: EventLog
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/users/me/preferences", use: find)
        router.put("/v1/users/me/preferences", use: replace)
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let preferences = try await findPreferences(
            of: principal, on: database.acting(as: principal.userID.uuid))
        guard !request.isNotModified(revision: preferences.revision) else {
            return .notModified(revision: preferences.revision)
        }
        return try .json(PreferencesAnswer(preferences), revision: preferences.revision)
    }

    @Sendable private func replace(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let fields = try await Fields.body(of: request, context: context)
        let preferences = try PreferencesFields(from: fields)
        try fields.finish()
        let replaced = try await context.write(on: database, at: now()) { operation in
            try await replacePreferences(
                of: principal, with: preferences, events: events, in: operation,
                check: request.requireMatch(revision:))
        }
        return try .json(PreferencesAnswer(replaced), revision: replaced.revision)
    }
}

extension PreferencesFields {
    fileprivate init(from fields: Fields) throws(Problem) {
        baseCurrency = try fields.currency("base_currency")
        locale = try fields.string("locale", length: 2...35)
        theme = try fields.enumeration("theme", Theme.self)
        costBasisMethod = try fields.enumeration("cost_basis_method", CostBasisMethod.self)
        switch try fields.optionalJSON("settings") {
        case nil: settings = [:]
        case .object(let members): settings = members
        default: throw .invalid("settings", "must be an object")
        }
    }
}

private struct PreferencesAnswer: Encodable {
    let baseCurrency: Currency
    let locale: String
    let theme: Theme
    let costBasisMethod: CostBasisMethod
    let settings: JSONValue
    let revision: Int
    let updatedAt: Date

    init(_ row: UserPreferenceRow) throws {
        baseCurrency = row.baseCurrency
        locale = row.locale
        theme = row.theme
        costBasisMethod = row.costBasisMethod
        settings = try JSONValue(parsing: row.settings)
        revision = row.revision
        updatedAt = row.updatedAt
    }
}
