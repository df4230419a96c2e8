using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Messaging;

namespace EdgeGateway.Identity.Authorizers;

/// <summary>Asks the local functions of the configuration, within five seconds (AWS guide: Custom authentication).</summary>
internal sealed class LocalFunctions(IdentityOptions options, TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { MaxResponseContentBufferSize = MaxAnswerBytes };
    private readonly ConcurrentDictionary<string, FunctionProcess> _processes = new(StringComparer.Ordinal);

    /// <exception cref="FunctionFailedException">It is not configured, failed, answered no JSON object, or took too long.</exception>
    public async Task<JsonObject> AskAsync(string name, JsonObject input, CancellationToken cancellationToken)
    {
        if (!options.Functions.TryGetValue(name, out var function))
            throw new FunctionFailedException($"there is no function '{name}' in identity.functions");
        using var limited = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        try
        {
            return function.Url is { } url
                ? await PostAsync(url, input, either.Token)
                : await _processes.GetOrAdd(name, static (_, command) => new FunctionProcess(command), function.Command).AskAsync(input, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FunctionFailedException($"function '{name}' took longer than {Limit.TotalSeconds} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or IOException)
        {
            throw new FunctionFailedException($"function '{name}': {fault.Message}", fault);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var process in _processes.Values)
            process.Dispose();
    }

    private async Task<JsonObject> PostAsync(Uri url, JsonObject input, CancellationToken cancellationToken)
    {
        using var content = new StringContent(input.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await _http.PostAsync(url, content, cancellationToken);
        response.EnsureSuccessStatusCode();
        return StrictJson.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)) as JsonObject ?? throw new FunctionFailedException("the answer is no JSON object");
    }
}
