using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGateway.Pages.Wire;

namespace EdgeGateway.Pages.Gateway;

/// <summary>The gateway's API as the pages use it.</summary>
/// <remarks>
/// Every call throws <see cref="GatewayRefusal"/> when the gateway says no, and <see cref="HttpRequestException"/> or
/// <see cref="TaskCanceledException"/> when it does not answer.
/// </remarks>
internal sealed class GatewayClient(HttpClient http)
{
    private const string TokenHeader = "X-EdgeGateway-Token";

    /// <summary>Who this browser is signed in as; from now on every call carries the session's token.</summary>
    public async Task<SessionStatus> SessionAsync(CancellationToken cancellationToken) => Take(await GetAsync("session", WireJson.Default.SessionStatus, cancellationToken));

    /// <summary>Signs in, or claims the gateway where a code is given.</summary>
    public async Task<SessionStatus> SignInAsync(SignInAttempt attempt, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(attempt.Code is null ? "session" : "claim", attempt, WireJson.Default.SignInAttempt, cancellationToken);
        return Take(await ReadAsync(response, WireJson.Default.SessionStatus, cancellationToken));
    }

    public async Task SignOutAsync(CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync("session", cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
    }

    public Task<GatewayStatus> StatusAsync(CancellationToken cancellationToken) => GetAsync("status", WireJson.Default.GatewayStatus, cancellationToken);

    public Task<IReadOnlyList<WiredDevice>> WiredAsync(CancellationToken cancellationToken) => GetAsync("wired", WireJson.Default.IReadOnlyListWiredDevice, cancellationToken);

    public Task<IReadOnlyList<ClientStatus>> ClientsAsync(CancellationToken cancellationToken) => GetAsync("clients", WireJson.Default.IReadOnlyListClientStatus, cancellationToken);

    public Task<IReadOnlyList<RuleStatus>> RulesAsync(CancellationToken cancellationToken) => GetAsync("rules", WireJson.Default.IReadOnlyListRuleStatus, cancellationToken);

    public Task<IReadOnlyList<ThingSummary>> ThingsAsync(CancellationToken cancellationToken) => GetAsync("things", WireJson.Default.IReadOnlyListThingSummary, cancellationToken);

    /// <summary>Every driver there is, by name.</summary>
    public Task<IReadOnlyList<DriverSummary>> DriversAsync(CancellationToken cancellationToken) => GetAsync("drivers", WireJson.Default.IReadOnlyListDriverSummary, cancellationToken);

    /// <summary>Asks an output to become <paramref name="state"/>, such as <c>{"state":"on"}</c>; its reported state follows when it has.</summary>
    public async Task SetWiredAsync(string device, string state, CancellationToken cancellationToken)
    {
        using var response = await http.PutAsync($"wired/{Uri.EscapeDataString(device)}/state", Json(state), cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
    }

    /// <param name="shadow">Name of a named shadow; null or empty for the classic one.</param>
    /// <returns>The shadow's document; null while the thing has none.</returns>
    public async Task<JsonElement?> ShadowAsync(string thing, string? shadow, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(ShadowPath(thing, shadow), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(WireJson.Default.JsonElement, cancellationToken);
    }

    /// <param name="update">A shadow update: <c>{"state":{"desired":{…}},"version":7}</c>.</param>
    public async Task UpdateShadowAsync(string thing, string? shadow, string update, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(ShadowPath(thing, shadow), Json(update), cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
    }

    public async Task<RuleTestResponse> TestRuleAsync(RuleTestRequest request, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("rules/test", request, WireJson.Default.RuleTestRequest, cancellationToken);
        return await ReadAsync(response, WireJson.Default.RuleTestResponse, cancellationToken);
    }

    /// <summary>Ends a client's connection and forgets its session.</summary>
    public async Task RemoveClientAsync(string clientId, CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync($"clients/{Uri.EscapeDataString(clientId)}", cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
    }

    public async Task PublishAsync(string topic, string payload, int qualityOfService, bool retain, CancellationToken cancellationToken)
    {
        var path = $"publish?topic={Uri.EscapeDataString(topic)}&qos={qualityOfService}&retain={(retain ? "true" : "false")}";
        using var response = await http.PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(payload)), cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
    }

    private SessionStatus Take(SessionStatus session)
    {
        http.DefaultRequestHeaders.Remove(TokenHeader);
        if (session.Token is not null)
            http.DefaultRequestHeaders.Add(TokenHeader, session.Token);
        return session;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string ShadowPath(string thing, string? shadow) =>
        $"shadows/{Uri.EscapeDataString(thing)}{(string.IsNullOrEmpty(shadow) ? "" : $"?name={Uri.EscapeDataString(shadow)}")}";

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await ThrowIfRefusedAsync(response, cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("null");
        }
        catch (JsonException ex)
        {
            throw new GatewayRefusal(502, $"The gateway's answer does not fit this page ({ex.Message}). Reload: it may have been upgraded.");
        }
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        throw new GatewayRefusal((int)response.StatusCode, await ReasonAsync(response, cancellationToken));
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(cancellationToken), WireJson.Default.Problem);
            if ((problem?.Detail ?? problem?.Title) is { Length: > 0 } reason)
                return reason;
        }
        catch (JsonException)
        {
            // Not problem details, from a proxy perhaps: the status has to do.
        }
        return $"The gateway answered {(int)response.StatusCode} {response.ReasonPhrase}.";
    }
}
