import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes
import StrictJSON

/// `/v1/users/me/profile`.
struct ProfileRoutes {
    let database: Database
    let events: EventLog
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/users/me/profile", use: find)
        router.put("/v1/users/me/profile", use: replace)
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let profile = try await findProfile(of: principal, on: database.acting(as: principal.userID.uuid))
        guard !request.isNotModified(revision: profile.revision) else {
            return .notModified(revision: profile.revision)
        }
        return try .json(ProfileAnswer(profile), revision: profile.revision)
    }

    @Sendable private func replace(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let fields = try await Fields.body(of: request, context: context)
        let profile = try ProfileFields(from: fields)
        try fields.finish()
        let replaced = try await context.write(on: database, at: now()) { operation in
            try await replaceProfile(
                of: principal, with: profile, events: events, in: operation,
                check: request.requireMatch(revision:))
        }
        return try .json(ProfileAnswer(replaced), revision: replaced.revision)
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
