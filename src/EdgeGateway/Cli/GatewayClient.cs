using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary>HTTP over the control socket of a running gateway; refusals become one line.</summary>
internal sealed class GatewayClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _socket;

    private GatewayClient(string socket)
    {
        _socket = socket;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectCallback = ConnectAsync };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <param name="dataFolder">Folder of <c>--data</c>; null: the installed service.</param>
    public static GatewayClient For(string? dataFolder) => new(dataFolder is null ? ControlSocketPath.OfService : ControlSocketPath.For(dataFolder, out _));

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, content: null, cancellationToken);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, content: null, cancellationToken);

    public Task<JsonElement> PutAsync(string path, string json, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, path, Json(json), cancellationToken);

    public Task<JsonElement> PostAsync(string path, string json, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, Json(json), cancellationToken);

    public Task<JsonElement> PatchAsync(string path, string json, CancellationToken cancellationToken) => SendAsync(HttpMethod.Patch, path, Json(json), cancellationToken);

    public Task<JsonElement> PostBytesAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, new ByteArrayContent(body) { Headers = { ContentType = new("application/octet-stream") } }, cancellationToken);

    /// <returns>The answer's JSON; undefined where the answer has no body.</returns>
    /// <exception cref="CommandFailedException">Not running, or refused.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length == 0)
            return default;
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    /// <summary>An answer that goes on, line by line (NDJSON), until it is cancelled or the gateway stops.</summary>
    public async IAsyncEnumerable<string> LinesAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            if (line.Length > 0)
                yield return line;
    }

    /// <summary>An answer of any bytes into a stream.</summary>
    public async Task DownloadAsync(string path, Stream target, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await response.Content.CopyToAsync(target, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, completion, cancellationToken);
        }
        catch (HttpRequestException ex) when (ex.InnerException is SocketException socket)
        {
            throw new CommandFailedException(NotReached(socket.SocketErrorCode), ExitCodes.Failed, ex);
        }
        catch (HttpRequestException ex)
        {
            throw new CommandFailedException($"the gateway broke off the answer ({ex.Message}); see 'journalctl -u edgegateway'", ExitCodes.Failed, ex);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new CommandFailedException(Refusal((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken)));
    }

    private string NotReached(SocketError error) => error == SocketError.AccessDenied
        ? $"no permission for {_socket}: use sudo, or join the group (sudo usermod -aG edgegateway {Environment.UserName}) and sign in again"
        : $"the gateway is not running (nobody answers at {_socket}): start it with 'sudo systemctl start edgegateway', or name the data folder of one started by hand with --data DIR";

    // RFC 9457; anything else is shown by its status.
    private static string Refusal(int status, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 } text)
                return text.ReplaceLineEndings(" ");
        }
        catch (JsonException)
        {
            // Not problem details: the status says it.
        }
        return $"the gateway answered {status}; see 'journalctl -u edgegateway'";
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
