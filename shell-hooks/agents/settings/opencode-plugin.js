// Made by `cmdai agents install opencode`; `cmdai agents remove opencode` takes it away.
// Each tool call is asked about before it runs. Whatever goes wrong refuses the call: OpenCode itself has no time limit.
import { spawn } from "node:child_process"

const PROGRAM = @PROGRAM@
const LIMIT_MS = 4000

const ask = (call) =>
  new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, ["hook", "opencode"], { stdio: ["pipe", "pipe", "ignore"] })
    const refuse = (why) => {
      clearTimeout(timer)
      reject(new Error(`cmdai could not check this, so it was not run: ${why}`))
    }
    const timer = setTimeout(() => {
      child.kill("SIGKILL")
      refuse("no answer in time")
    }, LIMIT_MS)
    let said = ""
    child.stdout.setEncoding("utf8")
    child.stdout.on("data", (part) => (said += part))
    child.on("error", (error) => refuse(error.message))
    child.stdin.on("error", () => {}) // it ended early: "close" says how
    child.on("close", (status) => {
      if (status !== 0) return refuse(`status ${status}`)
      clearTimeout(timer)
      resolve(said)
    })
    child.stdin.end(JSON.stringify(call))
  })

export const Cmdai = async ({ directory }) => ({
  "tool.execute.before": async (input, output) => {
    const said = (
      await ask({
        tool: input.tool,
        sessionID: input.sessionID,
        callID: input.callID,
        args: output.args ?? {},
        cwd: output.args?.workdir ?? directory,
      })
    ).trim()
    if (said === "") return
    let deny
    try {
      deny = JSON.parse(said).deny
    } catch {}
    throw new Error(typeof deny === "string" && deny !== "" ? deny : "cmdai could not check this, so it was not run")
  },
})
