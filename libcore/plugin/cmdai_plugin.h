/* The plugin interface of cmdai, major 1. C11 and C++; docs/plugins.md is the manual.
 *
 * A plugin is a shared object that exports one symbol, `cmdai_plugin`: a table of functions. cmdaid does not
 * load it: a process of its own does (`cmdaid-plugin`, one for each plugin), as the user cmdaid runs as. What
 * goes wrong in a plugin costs that process alone.
 *
 * Conventions
 *  1. Every struct that crosses begins with its size, and only ever grows at its end. A reader takes no more
 * than the size says: what is not there counts as 0, a function that is beyond the end or NULL is not there.
 *     cmdai_bytes alone has no size: it never changes.
 *  2. Majors must match. A minor only adds at the ends, so any minor loads in any host of the same major.
 *  3. Bytes are pointer and length, any bytes, not necessarily UTF-8. What the host hands in is borrowed for
 * the call, and followed by a NUL that is not counted. cmdai_host and its texts stay until close() has
 * returned. What the plugin hands out stays the plugin's and has to be readable until its next function is
 * called.
 *  4. The plugin's functions are called on one thread of that process, one at a time, the same from open() to
 *     close(). The host's functions may be called from any thread, from the begin of open() to the end of
 *     close(). The process is the plugin's own: it may start threads, and open files and sockets.
 *  5. Functions that return int give CMDAI_OK, or anything else for a failure; host->error() before the
 * return says why. An out struct comes filled with "nothing to say", its size set by the host: fill only
 * members within that size. After a failure it is not read.
 *  6. Codes are far apart, so that no stray value is a permission. What is no code of this file is a failure.
 *  7. No exception, longjmp or exit() may leave a function. plugin.hpp takes care of exceptions.
 */
#ifndef CMDAI_PLUGIN_H
#define CMDAI_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CMDAI_PLUGIN_API_MAJOR 1u
#define CMDAI_PLUGIN_API_MINOR 0u

#define CMDAI_OK 0
#define CMDAI_FAILED (-1)

typedef struct cmdai_bytes {
  const char* data; /* may be NULL when size is 0 */
  size_t size;
} cmdai_bytes;

/* What is to be done with a command; strictness in this order. */
#define CMDAI_NO_OPINION 0x2e97d045u
#define CMDAI_ALLOW 0x0a2b51c3u
#define CMDAI_WARN 0x35c41ad6u
#define CMDAI_ASK 0x5d18e32bu
#define CMDAI_BLOCK 0x62f7a41cu

/* host->log() */
#define CMDAI_LOG_DEBUG 0x11c6b0e4u
#define CMDAI_LOG_INFO 0x26a91f57u
#define CMDAI_LOG_WARNING 0x4b70d3aau
#define CMDAI_LOG_ERROR 0x79158c3du

/* host->changed(): what the host has to ask for again. */
#define CMDAI_CHANGED_POLICY 0x1d4ae962u   /* policy() */
#define CMDAI_CHANGED_GATE 0x33b8075cu     /* gate() */
#define CMDAI_CHANGED_HEALTH 0x58e13fa1u   /* health() */
#define CMDAI_CHANGED_RECORDED 0x6f5c92d8u /* recorded() */

/* cmdai_health.state */
#define CMDAI_HEALTH_OK 0x17e25a9cu
#define CMDAI_HEALTH_DEGRADED 0x42d90b63u /* it works, somebody should look */
#define CMDAI_HEALTH_FAILED 0x6a3cf418u   /* it does not do what it is for */

/* What the host gives to open(). */
typedef struct cmdai_host {
  size_t size;
  uint32_t api_major, api_minor; /* of the host */
  void* context;                 /* first argument of the functions below */

  /* Into the daemon's own log. Too many lines in a second are dropped and counted. */
  void (*log)(void* context, uint32_t level, cmdai_bytes text);
  /* The function named by `what` is called soon. */
  void (*changed)(void* context, uint32_t what);
  /* Why the function that is running fails: kept until it returns, the last text counts. On the thread of the
   * plugin's functions only. */
  void (*error)(void* context, cmdai_bytes text);
  /* An event `plugin.report` in the local event log: something a person has to be able to find later. */
  void (*report)(void* context, cmdai_bytes text);

  cmdai_bytes name;        /* of this entry in the managed configuration */
  cmdai_bytes state_dir;   /* absolute; made by the host, 0700, for this plugin alone; locked while it runs */
  cmdai_bytes settings;    /* JSON object, see reload() */
  cmdai_bytes daemon;      /* version of cmdaid: "0.1.0" */
  cmdai_bytes daemon_path; /* absolute path of the program that runs as cmdaid */
  cmdai_bytes daemon_sha256; /* of that file, hex; empty: could not be read, or larger than 32 MiB */
  cmdai_bytes boot_id;       /* of the machine since it was started; empty: unknown here */
  cmdai_bytes user;          /* login name */
  cmdai_bytes home;          /* the user's home directory, may be empty */
  cmdai_bytes host_name;
  cmdai_bytes event_log; /* path of the newest file of the local event log (docs/audit-format.md) */
  uint64_t last_event;   /* seq of its newest line; 0: none yet */
  uint32_t uid;
  uint32_t own_file; /* 1: the managed configuration belongs to the user, not to root */
} cmdai_host;

/* One command, before it runs. Texts are empty when not known. */
typedef struct cmdai_request {
  size_t size;
  cmdai_bytes id;         /* of the verdict; events name it again */
  cmdai_bytes command;    /* what the shell will run; nothing is redacted here */
  cmdai_bytes typed;      /* what was typed, where that differs */
  cmdai_bytes writes;     /* JSON array of paths, when files are written without a shell; else empty */
  cmdai_bytes shell;      /* "bash", "zsh", "fish", "sh" … */
  cmdai_bytes cwd;        /* absolute */
  cmdai_bytes session;    /* one shell or one agent conversation */
  cmdai_bytes actor;      /* "human" or "agent" */
  cmdai_bytes actor_name; /* of an agent: "claude-code" */
  cmdai_bytes confidence; /* how sure that is: "said", "possible", "likely", "certain"; empty: nothing speaks
                             against a person */
  cmdai_bytes evidence;   /* what was seen, separated by blanks or commas (docs/protocol.md, Who asks) */
  cmdai_bytes source;     /* "enter", "paste", "script", "hook", "api", "exec" … */
  cmdai_bytes effects;    /* what it would do, one a line, for people and as in the event log */
  cmdai_bytes parent;     /* source "exec": the line that starts this one */
  cmdai_bytes agent_version, agent_sub, tool; /* as the agent's hook says */
  int64_t time_ms;                            /* Unix, milliseconds */
  int64_t pid;                                /* of the shell; 0: unknown */
  int64_t parent_pid;                         /* 0: unknown */
  uint32_t tty;                               /* 1: somebody can be asked */
  uint32_t recorded; /* 0: only asked about (`cmdai explain`), nothing will run or be recorded */
} cmdai_request;

/* What cmdai says to it so far. */
typedef struct cmdai_verdict {
  size_t size;
  uint32_t action;      /* CMDAI_ALLOW … CMDAI_BLOCK */
  uint32_t reserved;    /* 0 */
  cmdai_bytes rule;     /* that decided; empty on a plain allow */
  cmdai_bytes severity; /* "low", "medium", "high", "critical" */
  cmdai_bytes reason;   /* one line */
  cmdai_bytes hint;
  cmdai_bytes rules;      /* all that matched, one a line, strictest first */
  cmdai_bytes allowed_by; /* the user's exception that lowered it */
  cmdai_bytes policy;     /* fingerprint of the policy */
} cmdai_verdict;

/* What the plugin says. `action`: from CMDAI_NO_OPINION. Only what is stricter than the verdict counts. */
typedef struct cmdai_decision {
  size_t size;
  uint32_t action;
  uint32_t reserved;
  cmdai_bytes rule;   /* [a-z0-9.-]; shown as `plugin.NAME.RULE`; empty: `plugin.NAME` */
  cmdai_bytes reason; /* one line: what was stopped */
  cmdai_bytes hint;   /* one line: what to do instead; may be empty */
} cmdai_decision;

/* How a person wants to lift a stop. */
#define CMDAI_APPROVAL_CODE 0x1b6f38d2u   /* `cmdai allow CODE`: this request once */
#define CMDAI_APPROVAL_YES 0x44a7c90eu    /* yes to the question */
#define CMDAI_APPROVAL_ALWAYS 0x73d8156bu /* yes, and from now on: an exception is written */

typedef struct cmdai_approval {
  size_t size;
  uint32_t kind; /* CMDAI_APPROVAL_… */
  uint32_t reserved;
  cmdai_bytes rule;   /* that stopped the command */
  cmdai_bytes reason; /* why it was stopped */
  int64_t pid;        /* of the process that approves; 0: unknown */
} cmdai_approval;

typedef struct cmdai_health {
  size_t size;
  uint32_t state; /* CMDAI_HEALTH_… */
  uint32_t reserved;
  cmdai_bytes
      lines; /* key=value, one a line, shown by `cmdai status` and `cmdai doctor`; 4096 bytes at most */
} cmdai_health;

/* An action and a reason that count for every command until gate() says otherwise; what is stricter than the
 * verdict counts. For what does not depend on the command: a full spool, a policy out of date. */
typedef struct cmdai_gate {
  size_t size;
  uint32_t action; /* CMDAI_NO_OPINION: open */
  uint32_t reserved;
  cmdai_bytes rule, reason, hint; /* as in cmdai_decision */
} cmdai_gate;

#define CMDAI_DOCUMENT_SETTINGS 0x2c07f5b9u /* the organization's settings: lower bounds; one at most */
#define CMDAI_DOCUMENT_RULES 0x4f92a3e6u    /* a rule pack */
/* Not TOML: the groups of the settings this device and user are in, a name a line; one at most */
#define CMDAI_DOCUMENT_GROUPS 0x7ae81c39u

/* A text in the format of docs/policy-format.md. */
typedef struct cmdai_document {
  size_t size;   /* also the distance to the next one of the array */
  uint32_t kind; /* CMDAI_DOCUMENT_… */
  uint32_t reserved;
  cmdai_bytes name; /* [A-Za-z0-9._-]: messages say `plugin:PLUGIN/NAME:LINE:COLUMN` */
  cmdai_bytes text; /* TOML */
} cmdai_document;

typedef struct cmdai_policy {
  size_t size;
  const cmdai_document* documents; /* an array; all there are: what was given before and is missing is gone */
  size_t count;
} cmdai_policy;

typedef struct cmdai_plugin_table {
  size_t size;
  uint32_t api_major, api_minor; /* CMDAI_PLUGIN_API_… of the header it was built with */
  const char *name, *version;    /* NUL-terminated; for `cmdai status` */

  /* Lifecycle. `*state` comes back in every call. A failure of open(): close() is not called, and the host
   * tries again later. open() is mandatory. */
  int (*open)(const cmdai_host* host, void** state);
  /* The last call: everything that was recorded is to be durable when it returns. A few seconds at most. */
  void (*close)(void* state);
  /* The configuration was read again. `settings`: the JSON object `Settings` of the plugin's entry, and in it
   * as `Managed` all top-level keys of the managed configuration but `Plugins`. On a failure the old ones
   * count. */
  int (*reload)(void* state, cmdai_bytes settings);
  int (*health)(void* state, cmdai_health* out);

  /* Policy. decide() has a deadline (`DeadlineMs`, 25): the command waits for it. Never wait for a network in
   * it. */
  int (*decide)(void* state, const cmdai_request* request, const cmdai_verdict* verdict, cmdai_decision* out);
  /* The organization's policy, at open and after changed(). The last good one stays in force when this fails
   * or the texts do not compile; policy_result() says what came of it. Keep the last good one in state_dir:
   * the host keeps none. */
  int (*policy)(void* state, cmdai_policy* out);
  void (*policy_result)(void* state, int ok, cmdai_bytes text);
  /* At open and after changed(). The last one stays in force when this fails. */
  int (*gate)(void* state, cmdai_gate* out);

  /* Approval: before a person's code or answer lifts a stop. CMDAI_BLOCK with a reason refuses, anything else
   * lets it be. The same deadline. */
  int (*approve)(void* state, const cmdai_request* request, const cmdai_approval* approval,
                 cmdai_decision* out);

  /* Audit: a line of the local event log, its exact bytes without the newline, in the order of seq, each
   * once. Nothing waits for it. On a failure the same line comes again later. Lines after recorded() come
   * again when the process was started anew. A seq that was skipped is no longer in the local log. */
  int (*record)(void* state, uint64_t seq, cmdai_bytes line);
  /* Up to which seq everything is durable in the plugin; asked at open (after open() has returned), after
   * record() and changed(). Without this function it starts with the lines after host->last_event. */
  int (*recorded)(void* state, uint64_t* seq);

  /* What the daemon sees: sessions, the agents' hook files and their states, agents that asked. JSON object
   * (docs/plugins.md), at open and when it changes, at most every two seconds. */
  void (*posture)(void* state, cmdai_bytes json);
} cmdai_plugin_table;

#if defined(__GNUC__)
#define CMDAI_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define CMDAI_PLUGIN_EXPORT
#endif

/* The one symbol; to be defined by the plugin:
 *   const cmdai_plugin_table cmdai_plugin = {sizeof cmdai_plugin, CMDAI_PLUGIN_API_MAJOR, …}; */
CMDAI_PLUGIN_EXPORT extern const cmdai_plugin_table cmdai_plugin;

#ifdef __cplusplus
}
#endif
#endif
