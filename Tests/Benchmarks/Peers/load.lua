-- The load of `bench http`, for wrk. Arguments: MEASURE TOKENS KIND. TOKENS has a line for each user, their token and the
-- twelve digits that end their ids; KIND says to which portfolio purchases go. The last line printed is JSON.
local requests, tokens, kind, measure, count = {}, {}, nil, nil, 0

local function id(of, digits) return "00000000-0000-7000-" .. (8000 + of) .. "-" .. digits end

function init(arguments)
    measure, kind = arguments[1], tonumber(arguments[3])
    math.randomseed(os.time())
    count = math.random(0, 999)
    local suffix = measure == "transactions" and "/transactions?limit=50" or "/" .. measure
    for line in io.lines(arguments[2]) do
        local token, digits = line:match("(%S+) (%S+)")
        local headers = { ["Authorization"] = "Bearer " .. token }
        tokens[#tokens + 1] = { token = token, digits = digits }
        if measure ~= "purchase" then
            requests[#requests + 1] = wrk.format("GET", "/v1/portfolios/" .. id(100, digits) .. suffix, headers)
        end
    end
end

function request()
    count = count + 1
    if measure ~= "purchase" then return requests[count % #requests + 1] end
    local user = tokens[count % #tokens + 1]
    local instrument = string.format("%012x", math.floor(count / #tokens) % 10)
    return wrk.format("POST", "/v1/portfolios/" .. id(kind, user.digits) .. "/transactions", {
        ["Authorization"] = "Bearer " .. user.token,
        ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = os.time() .. "-" .. math.random(1, 1e9) .. "-" .. count,
    }, '{"type":"buy","instrument_id":"' .. id(1, instrument) .. '","quantity":"3","unit_price":"101.25","executed_at":"'
        .. os.date("!%Y-%m-%dT%H:%M:%SZ") .. '","fees":[{"kind":"commission","amount":"1.5"}]}')
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        '{"operations":%d,"seconds":%f,"failures":%d,"p50Microseconds":%f,"p99Microseconds":%f}',
        summary.requests, summary.duration / 1e6,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
