-- Batches of a hundred bills of customers by chance, each bill with a number of its own.
local customers = tonumber(os.getenv("LOAD_CUSTOMERS"))
local run = os.getenv("LOAD_RUN")
math.randomseed(20 + tonumber(run))
wrk.method = "POST"
wrk.headers["Authorization"] = os.getenv("LOAD_AUTHORIZATION")
wrk.headers["Content-Type"] = "application/x-ndjson"

local bill = '{"currentCustomer":{"id":%d,"slabName":"Gold"},"currentStore":{"code":"store.%d"},' ..
    '"currentTxn":{"number":"n-%s-%d","date":"2026-02-%02dT12:20:20Z","value":%d.50,"discount":%d,' ..
    '"lineItems":[{"qty":%d,"rate":100,"discount":5,"code":"%d","attributes":{"brand":"Puma"}},' ..
    '{"qty":1,"rate":25,"discount":0,"code":"%d","attributes":{"brand":"Biba"}}]}}'
local count = 0
local random = math.random

function request()
    local bills = {}
    for at = 1, 100 do
        count = count + 1
        bills[at] = bill:format(random(customers), random(50), run, count, random(28), random(2000),
            random(50), random(9), random(900), random(900))
    end
    return wrk.format(nil, "/v3/transactions/batch", nil, table.concat(bills, "\n"))
end
