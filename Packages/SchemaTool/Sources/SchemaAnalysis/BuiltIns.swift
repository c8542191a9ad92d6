import DatabaseClient

/// Which of PostgreSQL's own functions and operators give a value whenever they are given values, by number.
///
/// A list of those that were looked at one by one, for there is no property in the catalog that says so. Left
/// out, with the value for which they give NULL: `to_char`, `extract`, `date_part` and a moment's cast to a
/// time of day (infinity), `scale` and `min_scale` (NaN), `array_length` and its like (an empty array), `lower` and `upper` of ranges (no bound),
/// `substring` with a pattern (no match), geometry (`path + path`, `lseg # lseg`).
public struct BuiltIns: Sendable {
    /// Functions that give NULL for any NULL.
    public internal(set) var strict: Set<UInt32> = []
    public internal(set) var neverNullFunctions: Set<UInt32> = []
    public internal(set) var neverNullOperators: Set<UInt32> = []
    /// Functions whose rows are never NULL.
    public internal(set) var neverNullSets: Set<UInt32> = []
    public internal(set) var unnest: Set<UInt32> = []
    public internal(set) var counts: Set<UInt32> = []
    public internal(set) var ranks: Set<UInt32> = []
    /// Of a group with rows these give a value, even where the rows hold NULL.
    public internal(set) var gatheringAggregates: Set<UInt32> = []
    /// Of values these give a value.
    public internal(set) var pickingAggregates: Set<UInt32> = []
    public internal(set) var arrayAggregates: Set<UInt32> = []
    /// Functions that give an array without NULL, whatever they are given.
    public internal(set) var splits: Set<UInt32> = []
    /// Functions whose array holds NULL only where an array or an element that they are given is NULL or holds one.
    public internal(set) var arrayJoins: Set<UInt32> = []
    public internal(set) var arrayPosition: Set<UInt32> = []
}

extension BuiltIns {
    static func read(_ connection: DatabaseConnection) async throws -> BuiltIns {
        var builtIns = BuiltIns()
        let functions = try await connection.query(
            """
            SELECT p.oid::int8, p.proname::text, pg_catalog.oidvectortypes(p.proargtypes), p.proisstrict,
                EXISTS (SELECT FROM pg_catalog.pg_cast
                    WHERE castfunc = p.oid AND casttarget <> ALL ('{time,timetz}'::regtype[])),
                p.pronamespace = 'pg_catalog'::regnamespace
            FROM pg_catalog.pg_proc p
            """)
        for index in 0..<functions.rowCount {
            let row = functions[index]
            let (oid, name) = (UInt32(try row.int(0)), try row.text(1))
            if try row.bool(3) { builtIns.strict.insert(oid) }
            // Casts of our own may do what they like.
            guard try row.bool(5) else { continue }
            let signature = "\(name)(\(try row.text(2)))"
            if try row.bool(4) || functionNames.contains(name) || signatures.contains(signature) {
                builtIns.neverNullFunctions.insert(oid)
            }
            if setNames.contains(name) { builtIns.neverNullSets.insert(oid) }
            if signature == "unnest(anyarray)" { builtIns.unnest.insert(oid) }
            if signature == "array_agg(anynonarray)" { builtIns.arrayAggregates.insert(oid) }
            if splitSignatures.contains(signature) { builtIns.splits.insert(oid) }
            if arrayJoinNames.contains(name) { builtIns.arrayJoins.insert(oid) }
            if name == "array_position" { builtIns.arrayPosition.insert(oid) }
            if name == "count" { builtIns.counts.insert(oid) }
            if rankNames.contains(name) { builtIns.ranks.insert(oid) }
            if gatheringNames.contains(name) { builtIns.gatheringAggregates.insert(oid) }
            if pickingNames.contains(name) { builtIns.pickingAggregates.insert(oid) }
        }
        let operators = try await connection.query(
            """
            SELECT oid::int8 FROM pg_catalog.pg_operator
            WHERE oprnamespace = 'pg_catalog'::regnamespace
                AND oprname = ANY (string_to_array('\(operatorNames)', ' '))
                AND NOT oprleft = ANY (\(geometry)) AND NOT oprright = ANY (\(geometry))
            """)
        for index in 0..<operators.rowCount {
            builtIns.neverNullOperators.insert(UInt32(try operators[index].int(0)))
        }
        return builtIns
    }

    private static let operatorNames =
        "+ - * / % ^ = <> < <= > >= || & | << >> ~ ~~ !~~ ~~* !~~* ~* !~ !~* @> <@ && ^@ ? ?| ?&"

    private static let geometry = "'{point,lseg,path,box,polygon,line,circle}'::regtype[]"

    private static let functionNames = words(
        """
        abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log10 power mod div gcd lcm random pi
        trim_scale width_bucket
        length char_length character_length octet_length bit_length initcap btrim ltrim rtrim concat concat_ws left right
        substr replace translate lpad rpad repeat reverse strpos position starts_with split_part md5 sha224
        sha256 sha384 sha512 encode decode to_hex chr ascii quote_ident quote_literal like_escape
        regexp_replace regexp_split_to_array string_to_array array_to_string
        now transaction_timestamp statement_timestamp clock_timestamp timeofday date_trunc date_bin make_date
        make_time make_interval make_timestamp make_timestamptz to_timestamp timezone isfinite
        gen_random_uuid cardinality array_append array_prepend array_cat array_remove array_replace
        to_json to_jsonb json_build_object json_build_array jsonb_build_object jsonb_build_array row_to_json
        jsonb_set jsonb_insert jsonb_strip_nulls jsonb_array_length json_array_length jsonb_typeof json_typeof
        int4range int8range numrange tsrange tstzrange daterange isempty
        hashtext hashtextextended num_nulls num_nonnulls nextval pg_backend_pid txid_current
        pg_current_xact_id pg_try_advisory_lock pg_try_advisory_xact_lock pg_advisory_xact_lock
        """)

    /// Where another function of the same name is not to be trusted.
    private static let signatures: Set<String> = [
        "lower(text)", "upper(text)", "substring(text, integer)", "substring(text, integer, integer)",
        "overlay(text, text, integer)", "overlay(text, text, integer, integer)",
    ]

    private static let setNames = words(
        """
        generate_series jsonb_array_elements json_array_elements jsonb_object_keys json_object_keys
        regexp_split_to_table
        """)

    private static let rankNames = words("row_number rank dense_rank percent_rank cume_dist ntile")
    private static let gatheringNames = words(
        "array_agg json_agg jsonb_agg json_object_agg jsonb_object_agg")
    private static let pickingNames = words(
        """
        sum min max avg bool_and bool_or every bit_and bit_or bit_xor string_agg first_value last_value
        any_value
        """)

    // string_to_array with a third argument makes NULL of what equals it.
    private static let splitSignatures: Set<String> = [
        "string_to_array(text, text)", "regexp_split_to_array(text, text)",
        "regexp_split_to_array(text, text, text)",
    ]

    private static let arrayJoinNames = words("array_append array_prepend array_cat array_remove trim_array")

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
