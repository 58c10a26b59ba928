/*
 * The page asks /metrics for JSON once a second. It needs nothing from anywhere else, and the
 * headers that http.c sends with it see to it that it gets nothing.
 */
#include <string.h>

#include "common/service/endpoint.h"

static const char page[] =
    "<!doctype html><html lang=en><meta charset=utf-8>"
    "<meta name=viewport content='width=device-width,initial-scale=1'>"
    "<title>FastEnough</title><style>"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "code{background:#8882;padding:.1rem .3rem;border-radius:.2rem}small{opacity:.7}"
    "</style><h1>FastEnough <small id=v></small></h1>"
    "<p>A service that takes JSON records through eight stages into a database. Which build this "
    "is decides what happens to it under load.</p>"
    "<table><thead><tr><th>What<th>Now<th>What it shows</thead><tbody id=t></tbody></table>"
    "<p id=s role=status><noscript>The counts need JavaScript here; <a href=/metrics>/metrics</a> "
    "has them all.</noscript></p>"
    "<h2>What there is</h2><table>"
    "<tr><td><code>POST /process</code><td>NDJSON, or one JSON array of records; gzip is taken. "
    "<code>curl --data-binary @records.ndjson localhost:8080/process</code>"
    "<tr><td><a href='/process?n=1000&amp;seed=1'><code>GET /process?n=1000&amp;seed=1</code></a>"
    "<td>makes its own records and processes them"
    "<tr><td><a href=/metrics><code>GET /metrics</code></a><td>for Prometheus; as JSON with "
    "<code>Accept: application/json</code>"
    "<tr><td><a href=/healthz><code>GET /healthz</code></a><td>whether it takes work"
    "<tr><td><code>GET /leak?mb=10</code><td>holds 10 MiB more, on purpose; "
    "<code>DELETE /leak</code> gives all of it back</table>"
    "<script>"
    "const n=x=>Math.round(x).toLocaleString('en'),mb=x=>n(x/1048576)+' MiB';"
    "let old;"
    "const rows=(m,r)=>[['records accepted',n(m.records.accepted),''],"
    "['records rejected',n(m.records.rejected),''],"
    "['records a second',r===undefined?'':n(r),'since the last look'],"
    "['lock wait',n(m.lock.wait_ns/1e6)+' ms','lesson 3: threads that wait for each other'],"
    "['longest lock hold',n(m.lock.hold_ns_max/1e3)+' us','lesson 3'],"
    "['worker threads',n(m.workers.threads),'lesson 4: do they ever end?'],"
    "['their stacks, mapped',mb(m.workers.stack_mapped_bytes),'lesson 4'],"
    "['their stacks, in memory',mb(m.workers.stack_resident_bytes),'lesson 4'],"
    "['requests answered and still held',n(m.workers.retained_requests),'lesson 4'],"
    "['their memory',mb(m.workers.retained_bytes),'lesson 4'],"
    "['allocations by the stages',n(m.work.allocations),'lesson 1'],"
    "['sorts',n(m.work.sorts),'lesson 2'],"
    "['HTTP connections',n(m.http.connections),'a thread each'],"
    "['resident memory',mb(m.process.resident_bytes),m.process.leaked_bytes?"
    "mb(m.process.leaked_bytes)+' of it by /leak':'']];"
    "async function look(){const t=document.getElementById('t'),s=document.getElementById('s');"
    "try{const a=await fetch('/metrics',{headers:{Accept:'application/json'}});"
    "if(!a.ok)throw Error(a.status);const m=await a.json();"
    "document.getElementById('v').textContent=m.variant+', '+m.database;"
    "const c=m.records.accepted+m.records.rejected,u=m.process.uptime_s;"
    "const r=old?(c-old.c)/(u-old.u):undefined;old={c,u};"
    "t.replaceChildren(...rows(m,r).map(([a,b,c])=>{const e=document.createElement('tr');"
    "for(const[i,x]of[a,b,c].entries()){const d=document.createElement('td');d.textContent=x;"
    "if(i==1)d.className='n';e.append(d)}return e}));s.textContent=''}"
    "catch(e){s.textContent='No answer from /metrics ('+e.message+'); trying on.'}"
    "setTimeout(look,1000)}look();"
    "</script></html>\n";

struct answer endpoint_page(void)
{
    struct answer answer = {.status = 200, .type = "text/html; charset=utf-8"};

    answer.text = strdup(page);
    answer.length = sizeof page - 1;
    return answer.text != NULL ? answer : answer_error(503, "out of memory");
}
