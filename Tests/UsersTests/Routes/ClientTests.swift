import ContractKit
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Testing
import UsersContract

@testable import Users

/// Every operation of the contract, by the client, as an app uses them.
@Suite struct ClientTests {
    private typealias API = UsersAPI

    private static let email = "ada@example.com"

    /// A client that is signed in as Ada, who is registered here.
    private func signedIn(_ server: UsersServer) async throws -> ContractClient {
        try await server.register(Self.email)
        return server.client(token: try await server.logIn(Self.email).access)
    }

    private func problem(_ body: () async throws -> Void) async -> Problem? {
        await #expect(throws: Problem.self) { try await body() }
    }

    @Test func anAccountIsRegisteredVerifiedAndClosed() async throws {
        try await withUsers { server in
            let open = server.client()
            let registration = API.Registration(
                email: Self.email, password: UsersServer.password, displayName: "Ada", country: "CH",
                timeZone: "Europe/Zurich", baseCurrency: .chf)
            let made = try await open.send(API.RegisterUser.self, body: registration).body
            #expect(made.status == .known(.pendingVerification) && !made.emailVerified)
            let taken = await problem { _ = try await open.send(API.RegisterUser.self, body: registration) }
            #expect(taken?.status == 409 && taken?.slug == "email-taken")

            let tokens = try await open.send(
                API.LogIn.self, body: .init(email: Self.email, password: UsersServer.password)
            ).body
            let client = server.client(token: tokens.accessToken)
            #expect(try await client.send(API.FindAccount.self).body == made)
            #expect(try await client.send(API.RequestEmailVerification.self) == .accepted)
            let mailed = try #require(try await server.mailedTokens(to: Self.email).last)
            #expect(
                try await open.send(API.ConfirmEmailVerification.self, body: .init(token: mailed))
                    == .noContent)
            let verified = try await client.send(API.FindAccount.self).body
            #expect(verified.status == .known(.active) && verified.emailVerified)

            let wrong = await problem {
                _ = try await client.send(API.CloseAccount.self, body: .init(password: "wrong tulip 42"))
            }
            #expect(wrong?.status == 403)
            #expect(
                try await client.send(API.CloseAccount.self, body: .init(password: UsersServer.password))
                    == .noContent)
            #expect(await problem { _ = try await client.send(API.FindAccount.self) }?.status == 401)
        }
    }

    @Test func aProfileIsReplacedAtTheRevisionThatWasRead() async throws {
        try await withUsers { server in
            let client = try await signedIn(server)
            let found = try await client.send(API.FindProfile.self)
            #expect(found.body.displayName == "Ada" && found.body.riskTolerance == nil)
            #expect(try await client.read(API.FindProfile.self, ifNoneMatch: found.etag) == nil)

            let fields = API.ProfileFields(
                displayName: "Countess", dateOfBirth: try CalendarDay(parsing: "1985-12-10"),
                timeZone: "Europe/London", riskTolerance: .growth, experience: .advanced)
            let replaced = try await client.send(
                API.ReplaceProfile.self, body: fields, ifMatch: found.etag)
            #expect(replaced.body.riskTolerance == .known(.growth))
            #expect(replaced.body.dateOfBirth == fields.dateOfBirth && replaced.body.revision == 2)
            let stale = await problem {
                _ = try await client.send(API.ReplaceProfile.self, body: fields, ifMatch: found.etag)
            }
            #expect(stale?.status == 412)
            let read = try await client.read(API.FindProfile.self, ifNoneMatch: found.etag)
            #expect(read == .ok(replaced.body, etag: replaced.etag))
            let wrong = await problem {
                _ = try await client.send(
                    API.ReplaceProfile.self, body: .init(displayName: "Ada", timeZone: "Mars/Olympus"))
            }
            #expect(wrong?.status == 422 && wrong?.field == "time_zone")
        }
    }

    @Test func preferencesKeepTheSettingsOfAnApp() async throws {
        try await withUsers { server in
            let client = try await signedIn(server)
            let found = try await client.send(API.FindPreferences.self)
            let settings = try JSONValue(parsing: #"{"columns": ["a", null], "size": 1.25}"#)
            let replaced = try await client.send(
                API.ReplacePreferences.self,
                body: .init(
                    baseCurrency: .chf, locale: "de-CH", theme: .dark, costBasisMethod: .average,
                    settings: settings), ifMatch: found.etag)
            #expect(replaced.body.settings == settings && replaced.body.theme == .known(.dark))
            #expect(try await client.read(API.FindPreferences.self, ifNoneMatch: replaced.etag) == nil)
            #expect(try await client.send(API.FindPreferences.self).body == replaced.body)
        }
    }

    @Test func sessionsAreListedRefreshedAndEnded() async throws {
        try await withUsers { server in
            try await server.register(Self.email)
            let credentials = API.LogIn.Body(email: Self.email, password: UsersServer.password)
            var opened: [API.Tokens] = []
            for _ in 0..<3 {
                opened.append(try await server.client().send(API.LogIn.self, body: credentials).body)
                // Ids of one millisecond have no order.
                try await Task.sleep(for: .milliseconds(2))
            }
            let (lost, own) = (opened[0], opened[2])
            let client = server.client(token: own.accessToken)
            var listed: [API.Session] = []
            for try await page in client.pages(API.ListSessions.self, .init(limit: 2)) {
                listed += page.body.items
            }
            #expect(listed.map(\.id) == opened.reversed().map(\.sessionID))
            #expect(listed.filter(\.current).map(\.id) == [own.sessionID])

            let refreshed = try await server.client().send(
                API.RefreshSession.self, body: .init(refreshToken: own.refreshToken)
            ).body
            #expect(refreshed.sessionID == own.sessionID && refreshed.refreshToken != own.refreshToken)
            let ended = try await client.send(API.EndSession.self, .init(sessionID: lost.sessionID))
            #expect(ended == .noContent)
            let refused = await problem {
                _ = try await server.client().send(
                    API.RefreshSession.self, body: .init(refreshToken: lost.refreshToken))
            }
            #expect(refused?.status == 401)
            #expect(try await client.send(API.LogOut.self) == .noContent)
            let out = await problem { _ = try await client.send(API.FindAccount.self) }
            #expect(out?.status == 401 && out?.slug == "session-ended")
        }
    }

    @Test func aPasswordIsChangedAndReset() async throws {
        try await withUsers { server in
            let client = try await signedIn(server)
            let (changed, reset) = ("another rose 43", "third daisy 44")
            let change = API.ChangePassword.Body(
                currentPassword: UsersServer.password, newPassword: changed)
            let key = IdempotencyKey(UUID())
            for _ in 0..<2 {
                // The second is the first one's answer again: the password that it names is no longer the present one.
                #expect(
                    try await client.send(API.ChangePassword.self, body: change, key: key) == .noContent)
            }
            let again = await problem { _ = try await client.send(API.ChangePassword.self, body: change) }
            #expect(again?.status == 403)

            let open = server.client()
            #expect(
                try await open.send(API.RequestPasswordReset.self, body: .init(email: Self.email))
                    == .accepted)
            let token = try #require(try await server.mailedTokens(to: Self.email).last)
            let weak = await problem {
                _ = try await open.send(
                    API.ConfirmPasswordReset.self, body: .init(token: token, newPassword: "short"))
            }
            #expect(weak?.status == 422 && weak?.field == "new_password")
            #expect(
                try await open.send(
                    API.ConfirmPasswordReset.self, body: .init(token: token, newPassword: reset))
                    == .noContent)
            _ = try await server.logIn(Self.email, password: reset)
        }
    }

    @Test func tokensAreSignedByAPublishedKey() async throws {
        try await withUsers { server in
            try await server.register(Self.email)
            let token = try await server.logIn(Self.email).access
            let keys = try await server.client().send(API.PublishSigningKeys.self).body.keys
            let header = try JSONValue(parsing: Array(tokenPart(token, 0)))
            #expect(keys.map { $0.kid.description }.contains(header["kid"]?.string ?? ""))
        }
    }
}
