// A plugin of cmdai in C: stops a word, refuses a code for another, and keeps a copy of the record.
//   cc -std=c11 -fPIC -shared -fvisibility=hidden -o sample_c.so sample_c.c
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmdai_plugin.h"  // of cmdai: <cmdai/cmdai_plugin.h> where it is installed

struct sample {
  const cmdai_host* host;
  int file;
  uint64_t last;  // seq of the last line in the file
  char health[64];
};

static cmdai_bytes text(const char* s) { return (cmdai_bytes){s, strlen(s)}; }

static int holds(cmdai_bytes bytes, const char* word) {
  const size_t size = strlen(word);
  for (size_t i = 0; i + size <= bytes.size; ++i)
    if (memcmp(bytes.data + i, word, size) == 0) return 1;
  return 0;
}

// "SEQ LINE\n" each. What a crash left half written is cut off: it comes again.
static void find_end(struct sample* me) {
  char byte = 0;
  off_t end = lseek(me->file, 0, SEEK_END);
  while (end > 0 && pread(me->file, &byte, 1, end - 1) == 1 && byte != '\n') --end;
  if (ftruncate(me->file, end) != 0 || end == 0) return;
  off_t begin = end - 1;
  while (begin > 0 && pread(me->file, &byte, 1, begin - 1) == 1 && byte != '\n') --begin;
  char number[24] = {0};
  if (pread(me->file, number, sizeof number - 1, begin) > 0) me->last = strtoull(number, NULL, 10);
}

static int sample_open(const cmdai_host* host, void** state) {
  char path[4096];
  snprintf(path, sizeof path, "%s/record", host->state_dir.data);
  struct sample* me = calloc(1, sizeof *me);
  if (me == NULL) return CMDAI_FAILED;
  me->host = host;
  me->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (me->file < 0) {
    free(me);
    host->error(host->context, text("the record cannot be opened"));
    return CMDAI_FAILED;
  }
  find_end(me);
  *state = me;
  return CMDAI_OK;
}

static void sample_close(void* state) {
  struct sample* me = state;
  close(me->file);
  free(me);
}

static int sample_health(void* state, cmdai_health* out) {
  struct sample* me = state;
  snprintf(me->health, sizeof me->health, "last=%llu\n", (unsigned long long)me->last);
  out->lines = text(me->health);
  return CMDAI_OK;
}

static int sample_decide(void* state, const cmdai_request* request, const cmdai_verdict* verdict,
                         cmdai_decision* out) {
  (void)state;
  if (verdict->action == CMDAI_BLOCK) out->action = CMDAI_ALLOW;  // has no effect: a plugin only tightens
  if (!holds(request->command, "forbidden")) return CMDAI_OK;
  out->action = CMDAI_BLOCK;
  out->rule = text("word");
  out->reason = text("this says a word that is forbidden here");
  out->hint = text("say it another way");
  return CMDAI_OK;
}

static int sample_approve(void* state, const cmdai_request* request, const cmdai_approval* approval,
                          cmdai_decision* out) {
  (void)state;
  (void)approval;
  if (!holds(request->command, "never")) return CMDAI_OK;
  out->action = CMDAI_BLOCK;
  out->reason = text("nobody may let this pass");
  return CMDAI_OK;
}

static int sample_record(void* state, uint64_t seq, cmdai_bytes line) {
  struct sample* me = state;
  if (dprintf(me->file, "%llu %.*s\n", (unsigned long long)seq, (int)line.size, line.data) < 0) {
    me->host->error(me->host->context, text("the record cannot be written"));
    return CMDAI_FAILED;
  }
  me->last = seq;
  return CMDAI_OK;
}

static int sample_recorded(void* state, uint64_t* seq) {
  *seq = ((struct sample*)state)->last;
  return CMDAI_OK;
}

const cmdai_plugin_table cmdai_plugin = {
    .size = sizeof cmdai_plugin,
    .api_major = CMDAI_PLUGIN_API_MAJOR,
    .api_minor = CMDAI_PLUGIN_API_MINOR,
    .name = "sample",
    .version = "1.0",
    .open = sample_open,
    .close = sample_close,
    .health = sample_health,
    .decide = sample_decide,
    .approve = sample_approve,
    .record = sample_record,
    .recorded = sample_recorded,
};
