-- The enrolled targets of one customer after the other, by chance.
local customers = tonumber(os.getenv("LOAD_CUSTOMERS"))
math.randomseed(20 + tonumber(os.getenv("LOAD_RUN")))
wrk.headers["Authorization"] = os.getenv("LOAD_AUTHORIZATION")

function request()
    return wrk.format("GET", "/v3/users/" .. math.random(customers) .. "/enrolledTargets")
end
