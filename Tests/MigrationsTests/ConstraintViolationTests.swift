import DatabaseClient
import GroveTesting
import Testing

/// Every CHECK, UNIQUE, NOT NULL and foreign key in the catalog refuses what it is there for, by its own name.
@Suite struct ConstraintViolationTests {
    @Test(arguments: SchemaRulesTests.namespaces)
    func everyConstraintRefusesByItsOwnName(_ namespace: String) async throws {
        try await withTestDatabase { test in
            let findings = try await ViolationTrial(test.owner).findings(in: namespace)
            #expect(findings == [])
        }
    }

    @Test func everyCaseIsOfANamespaceThatIsTried() {
        let strange = Violation.all.keys.filter { name in
            !SchemaRulesTests.namespaces.contains { name.hasPrefix("\($0).") }
        }
        #expect(strange == [])
    }

    /// The list of namespaces is the catalog's.
    @Test func everyNamespaceWithTablesIsTried() async throws {
        try await withTestDatabase { test in
            let found = try await test.owner.query(
                """
                SELECT DISTINCT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                """
            ).many { try $0.text(0) }
            #expect(Set(found).subtracting(SchemaRulesTests.namespaces) == [])
        }
    }

    /// A copy of the schema, spoilt, and what the suite says of it.
    @Test(arguments: [
        (
            "ALTER TABLE loans.loans DROP CONSTRAINT loans_principal_check",
            "loans.loans_principal_check: a case, and no constraint"
        ),
        (
            """
            ALTER TABLE loans.loans DROP CONSTRAINT loans_principal_check,
                ADD CONSTRAINT loans_principal_check CHECK (principal >= 0)
            """,
            "loans.loans_principal_check: accepted the row"
        ),
        (
            "ALTER TABLE loans.loans ADD CONSTRAINT loans_term_check CHECK (term_months <> 13)",
            "loans.loans_term_check: without a case"
        ),
        (
            "CREATE UNIQUE INDEX loan_products_name_key ON loans.loan_products (lower(name || code))",
            "loans.loan_products_name_key: without a case"
        ),
        (
            """
            ALTER TABLE loans.loans DROP CONSTRAINT loans_outstanding_check,
                ADD CONSTRAINT loans_outstanding_check CHECK (outstanding <= principal)
            """,
            "loans.loans_outstanding_check: accepted the row"
        ),
        (
            """
            ALTER TABLE loans.loans DROP CONSTRAINT loans_principal_check,
                ADD CONSTRAINT loans_principal_check CHECK (principal > 0 AND principal < 1000000)
            """,
            "loans.loans_principal_check: no case for principal < (1000000)::numeric"
        ),
        (
            """
            ALTER TABLE loans.loans DROP CONSTRAINT loans_product_fkey,
                ADD CONSTRAINT loans_product_fkey FOREIGN KEY (product_id) REFERENCES loans.loan_products
                    DEFERRABLE INITIALLY DEFERRED
            """,
            "loans.loans_product_fkey: accepted the row"
        ),
    ])
    func aSpoiltSchemaIsSeen(_ spoil: String, _ finding: String) async throws {
        try await withTestDatabase { test in
            try await test.owner.script(spoil)
            let findings = try await ViolationTrial(test.owner).findings(in: "loans")
            #expect(findings == [finding])
        }
    }
}
