import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes
import StrictJSON

extension UsersModule {
    func addProfileRoutes(to router: ServiceRouter) {
        router.get("/v1/users/me/profile") { request, context in
            let profile = try await findProfile(of: context.user())
            guard !request.isNotModified(revision: profile.revision) else {
                return Response.notModified(revision: profile.revision)
            }
            return try Response.json(ProfileAnswer(profile), revision: profile.revision)
        }
        router.put("/v1/users/me/profile") { request, context in
            let principal = try context.user()
            let fields = try await Fields.body(of: request, context: context)
            let profile = try ProfileFields(from: fields)
            try fields.finish()
            let revision = try await findProfile(of: principal).revision
            try request.requireMatch(revision: revision)
            let replaced = try await replaceProfile(of: principal.userID, revision: revision, with: profile)
            return try Response.json(ProfileAnswer(replaced), revision: replaced.revision)
        }
        router.get("/v1/users/me/preferences") { request, context in
            let preferences = try await findPreferences(of: context.user())
            guard !request.isNotModified(revision: preferences.revision) else {
                return Response.notModified(revision: preferences.revision)
            }
            return try Response.json(PreferencesAnswer(preferences), revision: preferences.revision)
        }
        router.put("/v1/users/me/preferences") { request, context in
            let principal = try context.user()
            let fields = try await Fields.body(of: request, context: context)
            let preferences = try PreferencesFields(from: fields)
            try fields.finish()
            let revision = try await findPreferences(of: principal).revision
            try request.requireMatch(revision: revision)
            let replaced = try await replacePreferences(
                of: principal.userID, revision: revision, with: preferences)
            return try Response.json(PreferencesAnswer(replaced), revision: replaced.revision)
        }
    }

    private func findProfile(of principal: Principal) async throws -> UserProfileRow {
        _ = try await findAccount(of: principal)
        let profile = try await database.acting(as: principal.userID.uuid).findProfile(
            userID: principal.userID)
        guard let profile else { throw Problem.notFound("profile") }
        return profile
    }

    private func findPreferences(of principal: Principal) async throws -> UserPreferenceRow {
        _ = try await findAccount(of: principal)
        let preferences = try await database.acting(as: principal.userID.uuid)
            .findPreferences(userID: principal.userID)
        guard let preferences else { throw Problem.notFound("preferences") }
        return preferences
    }
}

extension ProfileFields {
    fileprivate init(from fields: Fields) throws(Problem) {
        displayName = try fields.string("display_name", length: 1...80)
        country = try fields.optionalString("country", length: 2...2)
        dateOfBirth = try fields.optionalDay("date_of_birth")
        timeZone = try fields.string("time_zone", length: 1...64)
        riskTolerance = try fields.optionalEnumeration("risk_tolerance", RiskTolerance.self)
        experience = try fields.optionalEnumeration("experience", InvestingExperience.self)
        avatarURL = try fields.optionalString("avatar_url", length: 1...2_048)
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

private struct ProfileAnswer: Encodable {
    let displayName: String
    let country: String?
    let dateOfBirth: CalendarDay?
    let timeZone: String
    let riskTolerance: RiskTolerance?
    let experience: InvestingExperience?
    let avatarUrl: String?
    let revision: Int
    let updatedAt: Date

    init(_ row: UserProfileRow) {
        displayName = row.displayName
        country = row.country
        dateOfBirth = row.dateOfBirth
        timeZone = row.timeZone
        riskTolerance = row.riskTolerance
        experience = row.experience
        avatarUrl = row.avatarURL
        revision = row.revision
        updatedAt = row.updatedAt
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
