import Testing

@testable import Migrations

struct CatalogDumpTests {
    /// They are no part of the schema, and no drift.
    @Test func thePoliciesOfTheGrantsAreLeftOut() {
        let dump = """
            -- Name: events granted_append_users_service; Type: POLICY; Schema: platform; Owner: -

            CREATE POLICY granted_append_users_service ON platform.events AS RESTRICTIVE FOR INSERT TO users_service;

            -- Name: events events_owner; Type: POLICY; Schema: platform; Owner: -

            CREATE POLICY events_owner ON platform.events USING (true);

            """
        #expect(CatalogObject.all(in: dump).map(\.name) == ["events events_owner"])
    }

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
