import ArgumentParser
import Migrations

struct MigrateVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves on a scratch database that every migration can be taken back and made again.",
        discussion: """
            Each one up, down and up; then all down to nothing and up again. After each way the catalog, \
            with owners and rights, must be byte for byte what it was.
            """)

    @OptionGroup var shadow: ShadowOptions
    @OptionGroup var files: FolderOptions

    func run() async throws {
        let folder = try files.folder()
        try await shadow.withServer { server in
            try await MigrationVerification(server: server, folder: folder, progress: report).run()
        }
        print(
            "\(folder.migrations.count) migrations: up, down and up again give the same catalog, byte "
                + "for byte."
        )
    }
}
