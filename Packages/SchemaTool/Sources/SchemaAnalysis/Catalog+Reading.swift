import DatabaseClient

extension Catalog {
    /// Every namespace that is neither PostgreSQL's nor `public`, where only extensions live.
    private static let ours = """
        (SELECT oid FROM pg_catalog.pg_namespace
            WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public'))
        """

    /// Reads the catalog of a shadow database.
    public static func read(_ connection: DatabaseConnection) async throws -> Catalog {
        var catalog = Catalog()
        try await catalog.readTables(connection)
        try await catalog.readColumns(connection)
        try await catalog.readKeys(connection)
        try await catalog.readTypes(connection)
        try await catalog.readFunctions(connection)
        catalog.builtIns = try await BuiltIns.read(connection)
        try await catalog.readArrayChecks(connection)
        return catalog
    }

    private mutating func readTables(_ connection: DatabaseConnection) async throws {
        let result = try await connection.query(
            """
            SELECT c.oid::int8, n.nspname::text, c.relname::text, c.relkind = 'v',
                coalesce(
                    c.reloptions::text[] && ARRAY['security_invoker=true', 'security_invoker=on'], false),
                obj_description(c.oid, 'pg_class'),
                (SELECT ev_action::text FROM pg_catalog.pg_rewrite
                    WHERE ev_class = c.oid AND rulename = '_RETURN' AND c.relkind = 'v'),
                format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace IN \(Self.ours)
            """)
        for index in 0..<result.rowCount {
            let row = result[index]
            let oid = UInt32(try row.int(0))
            tables[oid] = Table(
                oid: oid, schema: try row.text(1), name: try row.text(2), sqlName: try row.text(7),
                isView: try row.bool(3), isSecurityInvoker: try row.bool(4), comment: try row.optionalText(5))
            viewTrees[oid] = try row.optionalText(6)
        }
    }

    private mutating func readColumns(_ connection: DatabaseConnection) async throws {
        let result = try await connection.query(
            """
            SELECT a.attrelid::int8, a.attnum, a.attname::text, a.atttypid::int8, a.atttypmod, a.attnotnull,
                col_description(a.attrelid, a.attnum), quote_ident(a.attname),
                a.atthasdef AND a.attgenerated = ''
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
                AND c.relnamespace IN \(Self.ours)
            ORDER BY a.attrelid, a.attnum
            """)
        for index in 0..<result.rowCount {
            let row = result[index]
            tables[UInt32(try row.int(0))]?.columns.append(
                Column(
                    number: try row.int(1), name: try row.text(2), sqlName: try row.text(7),
                    typeOID: UInt32(try row.int(3)), typeModifier: try row.int(4), isNotNull: try row.bool(5),
                    comment: try row.optionalText(6), hasDefault: try row.bool(8)))
        }
    }

    private mutating func readKeys(_ connection: DatabaseConnection) async throws {
        let result = try await connection.query(
            """
            SELECT conrelid::int8, contype = 'p', conkey::int4[], confrelid::int8,
                coalesce(confkey, '{}')::int4[], conname::text, confdeltype::text
            FROM pg_catalog.pg_constraint
            WHERE contype IN ('p', 'f') AND connamespace IN \(Self.ours)
            ORDER BY conrelid, cardinality(conkey), conname
            """)
        for index in 0..<result.rowCount {
            let row = result[index]
            let table = UInt32(try row.int(0))
            if try row.bool(1) {
                tables[table]?.primaryKey = try row.array(2, of: .int)
            } else {
                tables[table]?.foreignKeys.append(
                    ForeignKey(
                        name: try row.text(5),
                        onDelete: ForeignKey.DeleteAction(rawValue: try row.text(6)) ?? .noAction,
                        columns: try row.array(2, of: .int), table: UInt32(try row.int(3)),
                        targetColumns: try row.array(4, of: .int)))
            }
        }
    }

    private mutating func readArrayChecks(_ connection: DatabaseConnection) async throws {
        let result = try await connection.query(
            """
            SELECT conrelid::int8, conbin::text FROM pg_catalog.pg_constraint
            WHERE contype = 'c' AND convalidated AND conrelid <> 0 AND connamespace IN \(Self.ours)
            """)
        for index in 0..<result.rowCount {
            let table = UInt32(try result[index].int(0))
            guard let tree = try? NodeTree(parsing: try result[index].text(1)) else { continue }
            for number in builtIns.columnsWithoutNullElement(inCheck: tree) {
                guard let place = tables[table]?.columns.firstIndex(where: { $0.number == number }) else {
                    continue
                }
                tables[table]?.columns[place].holdsNoNull = true
            }
        }
    }

    private mutating func readTypes(_ connection: DatabaseConnection) async throws {
        let enumerations = try await connection.query(
            """
            SELECT t.oid::int8, n.nspname::text, t.typname::text, obj_description(t.oid, 'pg_type'),
                array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
            FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid
            WHERE t.typnamespace IN \(Self.ours)
            GROUP BY t.oid, n.nspname, t.typname
            """)
        for index in 0..<enumerations.rowCount {
            let row = enumerations[index]
            let oid = UInt32(try row.int(0))
            enums[oid] = EnumType(
                oid: oid, schema: try row.text(1), name: try row.text(2), labels: try row.array(4, of: .text),
                comment: try row.optionalText(3))
        }
        let names = try await connection.query(
            """
            SELECT t.oid::int8, n.nspname::text, t.typname::text,
                CASE WHEN t.typcategory = 'A' THEN t.typelem::int8 END,
                CASE WHEN t.typtype = 'd' THEN t.typbasetype::int8 END, t.typtypmod, t.typnotnull,
                t.typtype::text
            FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            """)
        for index in 0..<names.rowCount {
            let row = names[index]
            types[UInt32(try row.int(0))] = TypeName(
                schema: try row.text(1), name: try row.text(2),
                element: row.isNull(3) ? nil : UInt32(try row.int(3)),
                base: row.isNull(4) ? nil : (UInt32(try row.int(4)), try row.int(5)),
                isNotNull: try row.bool(6), kind: try row.text(7))
        }
        let domains = Set(types.filter { $0.value.base != nil }.keys)
        for (table, columns) in tables.mapValues(\.columns) {
            for (index, column) in columns.enumerated() where domains.contains(column.typeOID) {
                if holdsNoNull(column.typeOID) { tables[table]?.columns[index].isNotNull = true }
            }
        }
    }

    /// Along the domains that it is a domain of.
    private func holdsNoNull(_ type: UInt32) -> Bool {
        guard let domain = types[type], let base = domain.base else { return false }
        return domain.isNotNull || holdsNoNull(base.type)
    }

    private mutating func readFunctions(_ connection: DatabaseConnection) async throws {
        let result = try await connection.query(
            """
            SELECT p.oid::int8, n.nspname::text, p.proname::text, p.oid::regprocedure::text,
                p.provolatile = 'v'
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE p.pronamespace IN \(Self.ours)
            """)
        for index in 0..<result.rowCount {
            let row = result[index]
            let oid = UInt32(try row.int(0))
            functions[oid] = Function(
                oid: oid, schema: try row.text(1), name: try row.text(2), signature: try row.text(3),
                isVolatile: try row.bool(4))
        }
        let uses = try await connection.query(
            """
            SELECT coalesce(p.polrelid, k.conrelid, d.adrelid)::int8, u.refobjid::int8
            FROM pg_catalog.pg_depend u
                LEFT JOIN pg_catalog.pg_policy p
                    ON u.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = u.objid
                LEFT JOIN pg_catalog.pg_constraint k
                    ON u.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = u.objid
                        AND k.conrelid <> 0
                LEFT JOIN pg_catalog.pg_attrdef d
                    ON u.classid = 'pg_catalog.pg_attrdef'::regclass AND d.oid = u.objid
            WHERE u.refclassid = 'pg_catalog.pg_proc'::regclass
                AND coalesce(p.polrelid, k.conrelid, d.adrelid) IS NOT NULL
            """)
        for index in 0..<uses.rowCount {
            let function = UInt32(try uses[index].int(1))
            guard functions[function] != nil else { continue }
            functionsOfTable[UInt32(try uses[index].int(0)), default: []].insert(function)
        }
    }
}

extension Row {
    func optionalText(_ column: Int) throws -> String? { isNull(column) ? nil : try text(column) }
}
