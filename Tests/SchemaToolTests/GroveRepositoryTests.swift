import Foundation
import Migrations
import SwiftGeneration
import Testing

/// The repository that this file lies in.
struct GroveRepositoryTests {
    private var repository: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    @Test func whatIsGeneratedIsUpToDate() async throws {
        let outcome = try await RepositoryGeneration(repository: repository, isCheck: true)
            .run(server: await TestServer.shared.url())
        #expect(outcome.diagnostics.isEmpty, "\(outcome.diagnostics)")
        #expect(outcome.warnings.isEmpty, "\(outcome.warnings)")
        #expect(outcome.faults.isEmpty, "\(outcome.faults)")
        #expect(outcome.changes.isEmpty, "run `schema generate`: \(outcome.changes)")
    }

    @Test func everyMigrationCanBeTakenBack() async throws {
        try await MigrationVerification(
            server: await TestServer.shared.url(),
            folder: try MigrationFolder(path: "\(repository)/migrations")
        ).run()
    }
}
