using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using EdgeGateway.Shadows;
using EdgeGateway.Sync.Uplink;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeGateway.Sync.State;

/// <summary>The reserved shadow topics of AWS IoT Core or another gateway (AWS guide: Shadow MQTT topics). A connection of its own, with the client id <c>NAME-shadows</c>.</summary>
internal sealed class MqttShadowLink : IShadowLink
{
    private const int FiltersPerSubscribe = 8;                                       // AWS IoT Core's limit
    private readonly UpstreamOptions _options;
    private readonly string _gatewayName;
    private readonly Func<string, string> _resolve;
    private readonly TimeProvider _time;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentDictionary<ShadowId, PendingRequest> _pending = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _gets;

    public MqttShadowLink(UpstreamOptions options, string gatewayName, Func<string, string> resolve, TimeProvider time)
    {
        (_options, _gatewayName, _resolve, _time) = (options, gatewayName, resolve, time);
        _client.ApplicationMessageReceivedAsync += OnMessageAsync;
        _client.DisconnectedAsync += _ =>
        {
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public event Action<ShadowId>? Changed;

    public Task Closed => _closed.Task;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await SendAsync(async () =>
        {
            await _client.ConnectAsync(ClientOptions(), cancellationToken);
            foreach (var filters in Filters().Chunk(FiltersPerSubscribe))
            {
                var subscribe = new MqttClientSubscribeOptions { TopicFilters = [.. filters.Select(static filter => new MQTTnet.Packets.MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce })] };
                var answer = await _client.SubscribeAsync(subscribe, cancellationToken);
                if (answer.Items.FirstOrDefault(static item => (int)item.ResultCode >= 0x80) is { } refused)
                    throw new UpstreamLostException($"the upstream refuses the subscription {refused.TopicFilter.Topic}: {refused.ResultCode}");
            }
        });
    }

    public async Task<ShadowSide> GetAsync(ShadowId shadow, CancellationToken cancellationToken)
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"{ShadowReconciler.TokenPrefix(_gatewayName)}get:{++_gets}");
        using var answer = await AskAsync(shadow, "get", Encoding.UTF8.GetBytes($$"""{"clientToken":"{{token}}"}"""), token, cancellationToken);
        var body = answer.Body.RootElement;
        if (answer.IsAccepted)
            return Side(body, shadow);
        var error = Error(body);
        return error.Code == 404 ? ShadowSide.Absent : throw new UpstreamLostException($"the upstream does not show {shadow}: {error.Code} {error.Message}");
    }

    public Task<UpstreamAnswer> UpdateAsync(ShadowId shadow, byte[] request, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(request);
        return WriteAsync(shadow, "update", request, document.RootElement.GetProperty("clientToken").GetString()!, cancellationToken);
    }

    public Task<UpstreamAnswer> DeleteAsync(ShadowId shadow, string clientToken, CancellationToken cancellationToken) =>
        WriteAsync(shadow, "delete", Encoding.UTF8.GetBytes($$"""{"clientToken":"{{clientToken}}"}"""), clientToken, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _client.DisconnectAsync();
        }
        catch (Exception ex) when (IsOfTheConnection(ex))
        {
            // It is gone already.
        }
        _client.Dispose();
    }

    private async Task<UpstreamAnswer> WriteAsync(ShadowId shadow, string operation, byte[] request, string token, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(shadow, operation, request, token, cancellationToken);
        return answer.IsAccepted ? new(200, Version(answer.Body.RootElement, shadow)) : Error(answer.Body.RootElement);
    }

    private static ShadowSide Side(JsonElement body, ShadowId shadow)
    {
        try
        {
            var state = body.TryGetProperty("state", out var sections) ? sections.Clone() : default;
            return new(Version(body, shadow), SectionStates.Read(state, body.TryGetProperty("metadata", out var metadata) ? metadata.Clone() : null));
        }
        catch (InvalidOperationException ex)                                         // half of a surrogate pair in a name
        {
            throw new UpstreamLostException($"the upstream's {shadow} cannot be read: {ex.Message}", ex);
        }
    }

    private static long Version(JsonElement body, ShadowId shadow) => body.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt64(out var number)
        ? number : throw new UpstreamLostException($"the upstream's answer about {shadow} names no version");

    private async Task<ShadowReply> AskAsync(ShadowId shadow, string operation, byte[] request, string token, CancellationToken cancellationToken)
    {
        var pending = new PendingRequest(operation, token);
        if (!_pending.TryAdd(shadow, pending))
            throw new InvalidOperationException($"{shadow} has a request underway");
        using var patience = new CancellationTokenSource(_options.AcknowledgeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var message = new MqttApplicationMessageBuilder().WithTopic($"{shadow.TopicPrefix}/{operation}").WithPayload(request).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
            await SendAsync(() => _client.PublishAsync(message, either.Token));
            if (await Task.WhenAny(pending.Reply.Task, _closed.Task).WaitAsync(either.Token) == _closed.Task)
                throw new UpstreamLostException("the connection went before the answer came");
            return await pending.Reply.Task;
        }
        catch (OperationCanceledException ex) when (patience.IsCancellationRequested)
        {
            throw new UpstreamLostException($"no answer to the {operation} of {shadow} within {_options.AcknowledgeTimeout.TotalSeconds:0} s", ex);
        }
        finally
        {
            _pending.TryRemove(shadow, out _);
        }
    }

    private static async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception ex) when (IsOfTheConnection(ex))
        {
            throw new UpstreamLostException(ex.Message, ex);
        }
    }

    // What MQTTnet, sockets and TLS throw when the other side or the network is at fault.
    private static bool IsOfTheConnection(Exception ex) =>
        ex is MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Exceptions.MqttProtocolViolationException or MQTTnet.Exceptions.MqttClientNotConnectedException or IOException
            or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException or ObjectDisposedException or InvalidOperationException
            or System.Net.WebSockets.WebSocketException or System.Security.Cryptography.CryptographicException or UnauthorizedAccessException;

    private Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs args)
    {
        if (!ShadowAnswerTopic.TryParse(args.ApplicationMessage.Topic, out var shadow, out var operation, out var isAccepted) || Parse(args.ApplicationMessage.Payload) is not { } body)
            return Task.CompletedTask;
        var token = body.RootElement.TryGetProperty("clientToken", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (_pending.TryGetValue(shadow, out var pending) && pending.Token == token && pending.Operation == operation && pending.Reply.TrySetResult(new(isAccepted, body)))
            return Task.CompletedTask;
        body.Dispose();
        if (isAccepted && operation != "get" && !token.StartsWith(ShadowReconciler.TokenPrefix(_gatewayName), StringComparison.Ordinal))
            Changed?.Invoke(shadow);
        return Task.CompletedTask;
    }

    private static JsonDocument? Parse(ReadOnlySequence<byte> payload)
    {
        try
        {
            var document = JsonDocument.Parse(payload.ToArray());
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;                                                             // nothing a shadow service says
        }
    }

    private static UpstreamAnswer Error(JsonElement body) => new(
        body.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : 500,
        0,
        body.TryGetProperty("message", out var message) ? message.ToString() : null);

    private IEnumerable<string> Filters() =>
        (from thing in _options.Shadows.Select(static route => route.Things.Contains('*', StringComparison.Ordinal) ? "+" : route.Things).Distinct()
         from shadow in (string[])["shadow", "shadow/name/+"]
         from operation in (string[])["get", "update", "delete"]
         from outcome in (string[])["accepted", "rejected"]
         select $"$aws/things/{thing}/{shadow}/{operation}/{outcome}").Distinct();

    private MqttClientOptions ClientOptions()
    {
        var tls = _options.IsEncrypted ? new UplinkTls(_options, _resolve).Options : new();
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(_options.IsVersion5 ? MQTTnet.Formatter.MqttProtocolVersion.V500 : MQTTnet.Formatter.MqttProtocolVersion.V311)
            .WithClientId($"{_options.ClientId ?? _gatewayName}-shadows").WithKeepAlivePeriod(_options.KeepAlive).WithCleanStart()
            .WithTcpServer(_options.Endpoint.Host, _options.Endpoint.Port);
        if (_options.Credentials.User is { } user)
            builder.WithCredentials(user, _options.Credentials.PasswordFile is { } file ? File.ReadAllText(_resolve(file)).TrimEnd('\n', '\r') : null);
        var built = builder.Build();
        built.ChannelOptions = _options.IsWebSocket
            ? new MqttClientWebSocketOptions { Uri = _options.Endpoint.AbsoluteUri, TlsOptions = tls }
            : new MqttClientTcpOptions { RemoteEndpoint = new DnsEndPoint(_options.Endpoint.Host, _options.Endpoint.Port), TlsOptions = tls, NoDelay = true };
        return built;
    }

    private sealed record PendingRequest(string Operation, string Token)
    {
        public TaskCompletionSource<ShadowReply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record ShadowReply(bool IsAccepted, JsonDocument Body) : IDisposable
    {
        public void Dispose() => Body.Dispose();
    }
}
