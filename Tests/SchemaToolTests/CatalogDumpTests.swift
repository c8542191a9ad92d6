import Testing

@testable import Migrations

struct CatalogDumpTests {
    /// A role whose password changes moves in pg_authid, and pg_dump names the roles of a policy in that order.
    @Test func theRolesOfAPolicyAreSorted() {
        let dump = """
            CREATE POLICY p ON a.b FOR SELECT TO zoe, market_worker, ada USING (true);
            CREATE POLICY q ON a.b TO zoe WITH CHECK (true);
            CREATE POLICY r ON a.b USING ((c TO_be, d));
            CREATE POLICY s ON a.b FOR INSERT TO b, a;
            """
        #expect(
            CatalogDump.normalised(dump) == """
                CREATE POLICY p ON a.b FOR SELECT TO ada, market_worker, zoe USING (true);
                CREATE POLICY q ON a.b TO zoe WITH CHECK (true);
                CREATE POLICY r ON a.b USING ((c TO_be, d));
                CREATE POLICY s ON a.b FOR INSERT TO a, b;

                """)
    }
}
