// The model speaks each protocol as the agents expect it, follows its script and keeps what it was told.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "shell-hooks/agents/model/answers.hpp"
#include "shell-hooks/agents/model/loopback_model.hpp"

using namespace cmdai::agents;
using Json = nlohmann::json;

namespace {

/// The data of server-sent events.
std::vector<std::string> events(const std::string& body) {
  std::vector<std::string> out;
  for (size_t at = 0; (at = body.find("data: ", at)) != std::string::npos;) {
    const size_t end = body.find('\n', at);
    out.push_back(body.substr(at + 6, end - at - 6));
    at = end;
  }
  return out;
}

Json schema(const char* key) {
  return {{"type", "object"},
          {"properties", {{key, {{"type", "string"}}}, {"why", {{"type", "string"}}}}},
          {"required", Json::array({key, "why"})}};
}

struct Case {
  const char* name;
  const char* path;
  Json first, second;  ///< without a tool result, and with one
};

const Case kCases[] = {
    {"anthropic",
     "/v1/messages?beta=true",
     {{"model", "m"},
      {"messages", Json::array({{{"role", "user"}, {"content", "go"}}})},
      {"tools", Json::array({{{"name", "Bash"}, {"input_schema", schema("command")}}})}},
     {{"model", "m"},
      {"messages",
       Json::array({{{"role", "user"},
                     {"content",
                      Json::array({{{"type", "tool_result"},
                                    {"tool_use_id", "x"},
                                    {"content",
                                     Json::array({{{"type", "text"}, {"text", "it was stopped"}}})}}})}}})},
      {"tools", Json::array({{{"name", "Bash"}, {"input_schema", schema("command")}}})}}},
    {"responses",
     "/v1/responses",
     {{"model", "m"},
      {"input", Json::array()},
      {"tools",
       Json::array({{{"type", "function"}, {"name", "exec_command"}, {"parameters", schema("cmd")}}})}},
     {{"model", "m"},
      {"input",
       Json::array({{{"type", "function_call_output"}, {"call_id", "x"}, {"output", "it was stopped"}}})},
      {"tools",
       Json::array({{{"type", "function"}, {"name", "exec_command"}, {"parameters", schema("cmd")}}})}}},
    {"chat",
     "/v1/chat/completions",
     {{"model", "m"},
      {"messages", Json::array()},
      {"tools", Json::array({{{"type", "function"},
                              {"function", {{"name", "bash"}, {"parameters", schema("command")}}}}})}},
     {{"model", "m"},
      {"messages", Json::array({{{"role", "tool"}, {"content", "it was stopped"}}})},
      {"tools", Json::array({{{"type", "function"},
                              {"function", {{"name", "bash"}, {"parameters", schema("command")}}}}})}}},
    {"gemini",
     "/v1beta/models/m:generateContent",
     {{"contents", Json::array()},
      {"tools", Json::array({{{"functionDeclarations",
                               Json::array({{{"name", "run_shell_command"},
                                             {"parametersJsonSchema", schema("command")}}})}}})}},
     {{"contents",
       Json::array({{{"role", "user"},
                     {"parts", Json::array({{{"functionResponse",
                                              {{"name", "run_shell_command"},
                                               {"response", {{"output", "it was stopped"}}}}}}})}}})},
      {"tools", Json::array({{{"functionDeclarations",
                               Json::array({{{"name", "run_shell_command"},
                                             {"parametersJsonSchema", schema("command")}}})}}})}}},
};

}  // namespace

TEST_CASE("in each protocol: a tool call for each step, then the final text, and the results are kept") {
  for (const Case& one : kCases) {
    CAPTURE(one.name);
    Answers model({{"touch a"}}, {});
    const Answer call = model.answer("POST", one.path, one.first.dump());
    CHECK(call.status == 200);
    CHECK(call.reply.media_type == "application/json");
    CHECK(Json::parse(call.reply.body).is_object());
    CHECK(call.reply.body.find("touch a") != std::string::npos);
    CHECK_FALSE(model.progress().finished);
    const Answer last = model.answer("POST", one.path, one.second.dump());
    CHECK(last.reply.body.find(LoopbackModel::kFinal) != std::string::npos);
    CHECK(last.reply.body.find("touch a") == std::string::npos);
    CHECK(model.progress().told == std::vector<std::string>{"it was stopped"});
    CHECK(model.progress().asked == 1);
    CHECK(model.progress().finished);
  }
}

TEST_CASE("streamed: server-sent events, the same call put together from its pieces") {
  for (const Case& one : kCases) {
    CAPTURE(one.name);
    Answers model({{"touch a"}}, {});
    Json body = one.first;
    body["stream"] = true;
    std::string path = one.path;
    if (const size_t at = path.find(":generate"); at != std::string::npos)
      path.replace(at, std::string::npos, ":streamGenerateContent?alt=sse");
    const Answer answer = model.answer("POST", path, body.dump());
    CHECK(answer.reply.media_type == "text/event-stream");
    const auto all = events(answer.reply.body);
    REQUIRE_FALSE(all.empty());
    CHECK(answer.reply.body.ends_with("\n\n"));
    const bool chat = std::string(one.name) == "chat";
    CHECK((all.back() == "[DONE]") == chat);
    for (const std::string& event : all)
      if (event != "[DONE]") CHECK(Json::parse(event, nullptr, false).is_object());
    CHECK(answer.reply.body.find("touch a") != std::string::npos);
  }
}

TEST_CASE("what a tool demands besides the command is filled in by its schema") {
  Answers model({{"touch a"}}, {});
  const Json answer = Json::parse(model.answer("POST", "/v1/messages", kCases[0].first.dump()).reply.body);
  CHECK(answer["content"][0]["input"] == Json{{"command", "touch a"}, {"why", "verify"}});
  CHECK(answer["content"][0]["name"] == "Bash");
}

TEST_CASE("the same question gets the same answer: an agent may ask again") {
  Answers model({{"one"}, {"two"}}, {});
  const std::string first = model.answer("POST", "/v1/messages", kCases[0].first.dump()).reply.body;
  CHECK(model.answer("POST", "/v1/messages", kCases[0].first.dump()).reply.body == first);
  model.answer("POST", "/v1/messages", kCases[0].second.dump());
  model.answer("POST", "/v1/messages", kCases[0].second.dump());
  CHECK(model.progress().told.size() == 1);
}

TEST_CASE("each result is told once, before the next step is answered") {
  std::vector<std::string> seen;
  Answers model({{"one"}, {"two"}}, [&](size_t step, const std::string& told) {
    seen.push_back(std::to_string(step) + ' ' + told);
  });
  for (int i = 0; i < 2; ++i) model.answer("POST", "/v1/messages", kCases[0].second.dump());
  CHECK(seen == std::vector<std::string>{"0 it was stopped"});
}

TEST_CASE("a conversation without tools is a side one: it gets a text and is not the script's") {
  Answers model({{"one"}}, {});
  Json title = kCases[0].first;
  title.erase("tools");
  CHECK(model.answer("POST", "/v1/messages", title.dump()).reply.body.find(LoopbackModel::kFinal) !=
        std::string::npos);
  CHECK(model.progress().asked == 0);
  CHECK_FALSE(model.progress().finished);
}

TEST_CASE("other machines are refused and remembered, our own address in a proxy's form is not") {
  Answers model({{"one"}}, {});
  CHECK(model.answer("CONNECT", "api.example.com:443", "").status == 403);
  CHECK(model.answer("GET", "http://example.com/x", "").status == 403);
  CHECK(model.answer("CONNECT", "api.example.com:443", "").status == 403);
  CHECK(model.progress().outbound == std::vector<std::string>{"api.example.com:443", "http://example.com/x"});
  CHECK(model.answer("POST", "http://127.0.0.1:1/v1/messages", kCases[0].first.dump()).status == 200);
  CHECK(model.progress().asked == 1);
}

TEST_CASE("what is no protocol is refused and remembered, whatever its body") {
  Answers model({{"one"}}, {});
  CHECK(model.answer("POST", "/v1/embeddings", "{}").status == 404);
  CHECK(model.answer("POST", "/v1/messages", "no json").status == 404);
  CHECK(model.answer("POST", "/v1/messages", "[1]").status == 404);
  CHECK(model.answer("GET", "/v1/models", "").status == 200);
  CHECK(model.progress().unknown == std::vector<std::string>{"POST /v1/embeddings", "POST /v1/messages"});
  for (const char* odd : {R"({"messages":7})", R"({"messages":[[]],"tools":[1,null,{}]})",
                          R"({"messages":[{"content":[null,{"type":"tool_result"}]}]})"})
    CHECK(model.answer("POST", "/v1/messages", odd).status == 200);
}

TEST_CASE("a script is read, or refused with what is wrong") {
  const auto script =
      read_script(R"(["touch a", {"command":"rm b"}, {"tool":"Write","arguments":{"file_path":"c"}}])");
  REQUIRE(script);
  REQUIRE(script->size() == 3);
  CHECK((*script)[1].command == "rm b");
  CHECK((*script)[2].tool == "Write");
  CHECK(read_script("{}").error().message == "a script is a JSON array of steps");
  CHECK(read_script("[{}]").error().message ==
        "a step is a command, or an object with `command`, or with `tool` and `arguments`");
  Conversation conversation;
  conversation.tools["Bash"] = Json::object();
  CHECK_FALSE(call_of((*script)[2], conversation));
  conversation.tools["Write"] = Json::object();
  CHECK(call_of((*script)[2], conversation)->arguments == Json{{"file_path", "c"}});
}

namespace {

/// What a server on this machine answers to these bytes; empty: nobody listens.
std::string exchange(const char* address, uint16_t port, const std::string& request) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  inet_pton(AF_INET, address, &to.sin_addr);
  std::string out;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): that is the interface of connect(2)
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    char buffer[4096];
    for (ssize_t n = 0; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;)
      out.append(buffer, static_cast<size_t>(n));
  }
  close(fd);
  return out;
}

}  // namespace

TEST_CASE("it listens on the loopback address alone, and is gone with its object") {
  uint16_t port = 0;
  {
    const auto model = LoopbackModel::start({{"touch a"}});
    REQUIRE(model);
    port = (*model)->port();
    CHECK((*model)->url() == "http://127.0.0.1:" + std::to_string(port));
    const std::string body = kCases[0].first.dump();
    const std::string answer =
        exchange("127.0.0.1", port,
                 "POST /v1/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + body);
    CHECK(answer.starts_with("HTTP/1.1 200 "));
    CHECK(answer.find("touch a") != std::string::npos);
    CHECK(exchange("127.0.0.2", port, "GET / HTTP/1.0\r\n\r\n").empty());
    CHECK(exchange("127.0.0.1", port, "HEAD / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404 "));
    CHECK(exchange("127.0.0.1", port, "nonsense\r\n\r\n").empty());
    CHECK((*model)->progress().asked == 1);
  }
  CHECK(exchange("127.0.0.1", port, "GET / HTTP/1.0\r\n\r\n").empty());
}
