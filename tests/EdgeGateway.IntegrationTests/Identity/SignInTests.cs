using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>People at the console: the claim, sign-in with a cookie, roles, guessing slowed, who changed what.</summary>
public sealed class SignInTests
{
    private const string Password = "correct horse";

    [Fact]
    public async Task Claim_WithTheCodeOfStatus_MakesTheFirstAdministratorOnce()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var browser = Browser(gateway);
        var code = await CodeAsync(gateway);
        Assert.NotNull(code);
        Assert.True((await SessionAsync(browser)).GetProperty("isUnclaimed").GetBoolean());

        using var wrong = await PostAsync(browser, "edge/v1/claim", $$"""{"code":"AAAA-AAAA-AAAA","name":"eve","password":"{{Password}}"}""");
        using var claimed = await PostAsync(browser, "edge/v1/claim", $$"""{"code":"{{code}}","name":"anna","password":"{{Password}}"}""");
        using var again = await PostAsync(browser, "edge/v1/claim", $$"""{"code":"{{code}}","name":"eve","password":"{{Password}}"}""");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Conflict), (wrong.StatusCode, claimed.StatusCode, again.StatusCode));
        Assert.Null(await CodeAsync(gateway));
        var session = await SessionAsync(browser);
        Assert.Equal(("anna", "administrator", false), (session.GetProperty("name").GetString(), session.GetProperty("role").GetString(), session.GetProperty("isUnclaimed").GetBoolean()));
        Assert.Contains("httponly", claimed.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", claimed.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Session_ChangesNeedTheToken_SignOutAndNewPasswordEndIt()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var file = await folder.WriteAsync("password", Password + "\n");
        (await gateway.CliAsync("user", "add", "olga", "--role", "administrator", "--password-file", file)).Succeeded();
        using var browser = Browser(gateway);
        using var signedIn = await PostAsync(browser, "edge/v1/session", $$"""{"name":"olga","password":"{{Password}}"}""");
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        const string user = """{"name":"vera","password":"correct horse","role":"viewer"}""";

        using var forged = await PostAsync(browser, "edge/v1/users", user);
        using var changed = await PostAsync(browser, "edge/v1/users", user, token);
        using var read = await browser.GetAsync("edge/v1/users");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.OK), (forged.StatusCode, changed.StatusCode, read.StatusCode));
        using var viewer = Browser(gateway);
        using var asVera = await PostAsync(viewer, "edge/v1/session", """{"name":"vera","password":"correct horse"}""");
        var herToken = (await asVera.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        using var notHers = await PostAsync(viewer, "edge/v1/users", user, herToken);
        Assert.Equal(HttpStatusCode.Forbidden, notHers.StatusCode);
        (await gateway.CliAsync("user", "passwd", "olga", "--password-file", await folder.WriteAsync("new", "another horse\n"))).Succeeded();
        using var after = await browser.GetAsync("edge/v1/users");
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        using var audit = JsonDocument.Parse((await gateway.CliAsync("audit", "--json")).Succeeded().Output);
        Assert.Contains(audit.RootElement.EnumerateArray(), static entry => entry.GetProperty("actor").GetString() == "olga" && entry.GetProperty("action").GetString() == "person.add");
        Assert.DoesNotContain(Password, audit.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_GuessingGoesOn_IsSlowedAndLogged()
    {
        var log = new LineLog();
        await using var gateway = await RunningGateway.StartAsync(amend: log.AddTo);
        using var browser = Browser(gateway);

        HttpStatusCode last;
        var tries = 0;
        do
        {
            using var answer = await PostAsync(browser, "edge/v1/session", """{"name":"anna","password":"guess guess"}""");
            last = answer.StatusCode;
            tries++;
        }
        while (last == HttpStatusCode.Unauthorized && tries < 20);

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.NotEmpty(log.Containing("Sign-in of anna from 127.0.0.1 failed"));
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("passwd")]
    public async Task Session_EndedByAnAdministrator_ItsLiveMessagesEndToo(string verb)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        (await gateway.CliAsync("user", "add", "vera", "--password-file", await folder.WriteAsync("password", Password + "\n"))).Succeeded();
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = gateway.Http };
        using var signedIn = await PostAsync(browser, "edge/v1/session", $$"""{"name":"vera","password":"{{Password}}"}""");
        signedIn.EnsureSuccessStatusCode();
        using var live = new ClientWebSocket();
        live.Options.Cookies = cookies;
        live.Options.AddSubProtocol("mqtt");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await live.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.HttpPort}/mqtt"), limit.Token);
        await live.SendAsync(Packets.Connect("page"), WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var answer = new byte[256];
        await live.ReceiveAsync(answer, limit.Token);
        Assert.Equal((0x20, 0), (answer[0], answer[3]));

        (await gateway.CliAsync(verb == "remove" ? ["user", "remove", "vera"] : ["user", "passwd", "vera", "--password-file", await folder.WriteAsync("new", "another horse\n")])).Succeeded();

        await ReadToEndAsync(live, limit.Token);
    }

    private static async Task ReadToEndAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            while ((await socket.ReceiveAsync(new byte[256], cancellationToken)).MessageType != WebSocketMessageType.Close)
            {
                // What was under way.
            }
        }
        catch (WebSocketException)
        {
            // Closed without a word, which is an end too; that it stays open runs into the limit.
        }
    }

    private static HttpClient Browser(RunningGateway gateway) => new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = gateway.Http };

    private static async Task<JsonElement> SessionAsync(HttpClient browser) => await browser.GetFromJsonAsync<JsonElement>("edge/v1/session");

    private static async Task<string?> CodeAsync(RunningGateway gateway)
    {
        using var status = JsonDocument.Parse((await gateway.CliAsync("status", "--json")).Output);
        return status.RootElement.GetProperty("claimCode").GetString();
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, string json, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (token is not null)
            request.Headers.Add("X-EdgeGateway-Token", token);
        return browser.SendAsync(request);
    }
}
