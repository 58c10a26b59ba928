-- The load: POSTs one body of records again and again, and says at its end, as JSON on one line,
-- what came of it. wrk itself prints no such thing, and knows no more of statuses than "errors".
--
-- The first answer that is not 200 ends the load: what the naive service says at its cap comes so
-- fast that counting it would make the service look good. Times are from a clock of our own, since
-- wrk goes on to the end of its time even where nothing is left to do.
--
-- LOAD_BODY names the file with the body. One thread of wrk's only (-t1), whatever the connections.
local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long s; long ns; } load_time;
    int clock_gettime(int clock, load_time *time);
]]

local function now_us()
    local time = ffi.new("load_time[1]")
    ffi.C.clock_gettime(1, time)
    return tonumber(time[0].s) * 1e6 + tonumber(time[0].ns) / 1e3
end

local threads = {}

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    local file = assert(io.open(os.getenv("LOAD_BODY"), "rb"))
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-ndjson"
    wrk.body = file:read("*a")
    file:close()
    prepared = wrk.format()
    ok, refused, first_status = 0, 0, 0
    start_us, end_us = 0, 0
end

function request()
    if start_us == 0 then
        start_us = now_us()
    end
    return prepared
end

function response(status, headers, body)
    if status == 200 then
        ok = ok + 1
        end_us = now_us()
        return
    end
    if first_status == 0 then
        first_status = status
    end
    refused = refused + 1
    wrk.thread:stop()
end

function done(summary, latency, requests)
    local thread = threads[1]
    local errors = summary.errors
    io.write(string.format(
        '{"ok":%d,"refused":%d,"refused_status":%d,"load_us":%.0f,"socket_errors":%d,"timeouts":%d,"latency_us":[',
        thread:get("ok"), thread:get("refused"), thread:get("first_status"),
        thread:get("end_us") - thread:get("start_us"),
        errors.connect + errors.read + errors.write, errors.timeout))
    for i = 1, #latency do
        local value, count = latency(i)
        io.write(string.format("%s[%d,%d]", i > 1 and "," or "", value, count))
    end
    io.write("]}\n")
end
