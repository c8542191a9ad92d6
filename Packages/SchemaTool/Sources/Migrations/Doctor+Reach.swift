extension Doctor {
    /// What the services' roles reach beside their grants: PostgreSQL gives it to every role, and only a superuser takes it.
    func reach(_ session: Session) async throws -> [Finding] {
        guard let service = folder?.roles.services.first,
            try await session.texts(
                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = \(literal(service))"
            )
            .first != nil
        else { return [] }
        var findings: [Finding] = []
        let makesLargeObjects = try await session.text(
            "SELECT has_function_privilege(\(literal(service)), 'pg_catalog.lo_create(oid)', 'EXECUTE')::text"
        )
        if makesLargeObjects == "true" {
            findings.append(
                finding(
                    "reach", .warning, "The services' roles may make large objects, which no grant bounds.",
                    "As a superuser in this database: REVOKE EXECUTE ON FUNCTION \(Roles.largeObjects) FROM PUBLIC;"
                ))
        }
        let databases = try await session.texts(
            """
            SELECT quote_ident(datname) FROM pg_catalog.pg_database
            WHERE datallowconn AND datname <> current_database()
                AND has_database_privilege(\(literal(service)), oid, 'CONNECT')
            ORDER BY 1
            """)
        if !databases.isEmpty {
            let names = databases.joined(separator: ", ")
            findings.append(
                finding(
                    "reach", .warning, "The services' roles may connect to other databases: \(names).",
                    "As a superuser: REVOKE CONNECT, TEMPORARY ON DATABASE \(names) FROM PUBLIC;"))
        }
        // No right takes this away, so it is said and is no fault.
        return findings + [
            finding(
                "reach", .well,
                "Each role may change its own password, which PostgreSQL refuses none of them. Where that matters let "
                    + "pg_hba.conf ask for a certificate: hostssl all \(service) all cert")
        ]
    }
}
