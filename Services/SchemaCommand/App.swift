import ArgumentParser

/// The `schema` command line: one file a subcommand.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Migrates Grove's schema, and writes Swift and grants from it.",
        discussion: """
            A new database:      schema roles && schema migrate up
            A new context:       its name, in small letters, as a line of migrations/contexts
            A new migration:     schema migrate new add_watchlists
            After any change:    schema lint && schema generate
            Data to look at:     schema seed

            The database is named by --database-url or DATABASE_URL. `generate`, `lint` and `migrate verify` \
            need none: they start a shadow server of their own.
            """,
        subcommands: [
            RolesCommand.self, MigrateCommand.self, GenerateCommand.self, LintCommand.self, DriftCommand.self,
            DoctorCommand.self, ExplainCommand.self, DiagramCommand.self, SeedCommand.self,
        ])
}
