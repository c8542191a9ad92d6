import Testing

@testable import MigrationLint

/// What may be waived, and how.
struct LintWaiverTests {
    private static let drop = "ALTER TABLE portfolios.lots DROP COLUMN note;"

    @Test(
        arguments: [
            ("-- lint: allow drop-without-contract because nothing shipped with it\n\(drop)", []),
            (
                "-- Words before.\n-- lint: allow drop-without-contract because of tests\n-- and after.\n\(drop)",
                []
            ),
            // Two rules, two lines.
            (
                """
                -- lint: allow drop-without-contract because of tests
                -- lint: allow type-change because it only widens
                ALTER TABLE portfolios.lots DROP note, ALTER quantity TYPE numeric(20,8);
                """, []
            ),
            ("-- lint: allow drop-without-contract\n\(drop)", ["1: waiver", "2: drop-without-contract"]),
            (
                "-- lint: allow drop-without-contract because\n\(drop)",
                ["1: waiver", "2: drop-without-contract"]
            ),
            ("-- lint: allow dropping because of tests\n\(drop)", ["1: waiver", "2: drop-without-contract"]),
            ("-- lint: ignore\n\(drop)", ["1: waiver", "2: drop-without-contract"]),
            ("-- lint: allow rename because of tests\n\(drop)", ["1: waiver", "2: drop-without-contract"]),
            (
                "-- lint: allow breaks-running-code because of tests\n\(drop)",
                ["1: waiver", "2: drop-without-contract"]
            ),
            // It counts for the statement below it and for no other.
            (
                "-- lint: allow drop-without-contract because of tests\n\(drop)\n\(drop)",
                ["3: drop-without-contract"]
            ),
            (
                "-- lint: allow drop-without-contract because of tests\n\n\(drop)",
                ["1: waiver", "3: drop-without-contract"]
            ),
            (
                "ALTER TABLE portfolios.lots\n-- lint: allow drop-without-contract because of tests\nDROP note;",
                ["1: drop-without-contract", "2: waiver"]
            ),
            ("SELECT 1;\n-- lint: allow rename because of tests", ["2: waiver"]),
            // In a string it is words.
            ("SELECT '\n-- lint: allow rename\n';", []),
        ])
    func waives(_ text: String, _ findings: [String]) throws {
        #expect(try LintFixture.findings(text) == findings, "\(text)")
    }
}
