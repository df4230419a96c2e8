// A gateway that is not there: the API and the message stream the pages read, with made-up devices, for work on the pages alone
// and for looking at states a demo seldom has. `dotnet run -- --urls http://127.0.0.1:8081 --scene full|empty|trouble`
using System.Text.Json.Nodes;
using EdgeGateway.Api;
using EdgeGateway.ConsoleMock;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
var scene = Enum.Parse<Scene>(builder.Configuration["scene"] ?? "full", ignoreCase: true);
var house = new SimulatedHouse(scene, TimeProvider.System);
app.UseWebSockets();
app.MapConsole();
app.Map("/mqtt", async (HttpContext context) =>
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync("mqtt");
    await new SubscriberSocket(socket, house).RunAsync(context.RequestAborted);
});
var api = app.MapGroup("/edge/v1");
api.MapGet("/status", () => house.Status());
api.MapGet("/wired", () => house.Wired());
api.MapGet("/clients", () => house.Clients());
api.MapGet("/rules", () => house.Rules());
api.MapGet("/things", () => house.Things());
api.MapGet("/shadows/{thing}", (string thing) => house.Shadow(thing) is { } shadow ? Results.Json(shadow) : Results.Problem($"No shadow exists with name: '{thing}'", statusCode: 404));
api.MapPost("/shadows/{thing}", (string thing, JsonNode update) => house.UpdateShadow(thing, update) is { } refusal ? Results.Problem(refusal, statusCode: 409) : Results.Ok());
api.MapPut("/wired/{name}/state", (string name, JsonObject state) => house.Set(name, state) ? Results.Accepted() : Results.Problem($"{name} is not an output.", statusCode: 409));
api.MapDelete("/clients/{id}", (string id) => house.Remove(id) ? Results.NoContent() : Results.Problem($"No client '{id}'.", statusCode: 404));
api.MapPost("/publish", async (string topic, HttpRequest request) => house.Publish(topic, await new StreamReader(request.Body).ReadToEndAsync()));
api.MapPost("/rules/test", (JsonObject request) => SimulatedHouse.TestRule(request));
app.Lifetime.ApplicationStarted.Register(() => house.Start(app.Lifetime.ApplicationStopping));
await app.RunAsync();
await house.Ended;
