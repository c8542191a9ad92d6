import ArgumentParser

struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings a database to a version of the schema, forward or back.",
        subcommands: [
            MigrateUpCommand.self, MigrateDownCommand.self, MigrateStatusCommand.self, MigrateNewCommand.self,
            MigrateVerifyCommand.self, MigrateRepairCommand.self, MigrateBaselineCommand.self,
        ])
}
