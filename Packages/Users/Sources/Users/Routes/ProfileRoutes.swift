import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import ServiceKit
import UsersContract

/// `/v1/users/me/profile`.
struct ProfileRoutes {
    private typealias API = UsersAPI

    let database: Database
    let events: EventLog

    func add(to routes: EndpointRoutes) {
        routes.read(API.FindProfile.self, find)
        routes.write(API.ReplaceProfile.self, replace)
    }

    @Sendable private func find(_ call: Call<API.FindProfile>) async throws -> API.FindProfile.Output {
        let row = try await findProfile(of: call.principal, on: database.acting(as: call.user.uuid))
        return .ok(API.Profile(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func replace(
        _ call: Call<API.ReplaceProfile>, _ operation: OperationContext
    ) async throws -> API.ReplaceProfile.Output {
        let row = try await replaceProfile(
            of: call.principal, with: call.body, events: events, in: operation,
            check: call.requireMatch(revision:))
        return .ok(API.Profile(row), etag: ETag(revision: row.revision))
    }
}

extension UsersAPI.Profile {
    fileprivate init(_ row: UserProfileRow) {
        self.init(
            displayName: row.displayName, country: row.country, dateOfBirth: row.dateOfBirth,
            timeZone: row.timeZone, riskTolerance: row.riskTolerance, experience: row.experience,
            avatarURL: row.avatarURL, revision: row.revision, updatedAt: row.updatedAt)
    }
}
