import ArgumentParser

/// The `schema` command line: one file a subcommand.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Migrates Grove's schema, and writes Swift and grants from it.",
        discussion: usage,
        subcommands: [
            RolesCommand.self, MigrateCommand.self, GenerateCommand.self, LintCommand.self, DriftCommand.self,
            DoctorCommand.self, ExplainCommand.self, DiagramCommand.self, SeedCommand.self,
        ])
}
