using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGateway.Api.Aws;

/// <summary>Answers every path that is AWS's: finds the operation, reads the body, asks who calls and whether they may, and words the answer.</summary>
internal sealed partial class AwsEndpoint
{
    private readonly AwsRouteTree _tree = new(AwsRoutes.All);
    private readonly Dictionary<string, AwsHandler> _handlers;
    private readonly AwsAuthentication _authentication;
    private readonly DataPermissions _permissions;
    private readonly AwsOptions _options;
    private readonly ILogger<AwsEndpoint> _logger;

    public AwsEndpoint(IEnumerable<IAwsOperations> operations, AwsAuthentication authentication, DataPermissions permissions, AwsOptions options, ILogger<AwsEndpoint> logger)
    {
        _handlers = operations.SelectMany(static subject => subject.Handlers).ToDictionary(StringComparer.Ordinal);
        _authentication = authentication;
        _permissions = permissions;
        _options = options;
        _logger = logger;
        var unknown = _handlers.Keys.Except(AwsRoutes.All.Select(static route => route.Name)).ToList();
        if (unknown.Count > 0)
            throw new InvalidOperationException($"no route is called {string.Join(", ", unknown)}");
    }

    public static RawTarget TargetOf(HttpContext http) => RawTarget.Parse(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);

    /// <summary>Whether an operation does something here, or only says that it does not.</summary>
    public bool IsServed(string operation) => _handlers.ContainsKey(operation);

    public async Task InvokeAsync(HttpContext http)
    {
        var requestId = Guid.NewGuid().ToString();
        var reply = await AnswerAsync(http, requestId);
        await reply.WriteAsync(http, requestId);
    }

    private async Task<AwsReply> AnswerAsync(HttpContext http, string requestId)
    {
        try
        {
            return await CallAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The edge: what nobody else worded is a fault of ours, told as such and logged.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            if (AwsErrors.From(ex) is { } refusal)
                return refusal;
            LogFailed(ex, http.Request.Method, http.Request.Path, requestId);
            return AwsReply.Error(500, "InternalFailureException", $"the gateway failed; its log tells why under {requestId}");
        }
    }

    private async Task<AwsReply> CallAsync(HttpContext http)
    {
        var target = TargetOf(http);
        if (_tree.Find(http.Request.Method, target.Path) is not { } match)
            return AwsReply.Error(404, "UnknownOperationException", $"{http.Request.Method} {http.Request.Path} is no operation of this gateway");
        if (match.Routes.Count == 0)
            return AwsReply.Error(405, "MethodNotAllowedException", $"{http.Request.Method} is not allowed on {http.Request.Path}");
        var payload = await ReadAsync(http.Request, http.RequestAborted);
        var (caller, service) = await _authentication.AuthenticateAsync(http, target, payload, http.RequestAborted);
        var route = Choose(match.Routes, caller, service);
        if (caller.ActsUnderRole)
            _permissions.RequireOperation(caller, route);
        else
            AwsPermissions.Require(caller, route);
        if (!_handlers.TryGetValue(route.Name, out var handler))
            return AwsReply.Error(501, "NotImplementedException", $"{route.Name} is not available on this gateway: {AwsGaps.Reason(route)}");
        return await handler(new(route, match.Labels, target, http.Request.Headers, payload, caller, http), http.RequestAborted);
    }

    /// <summary>Three routes are shared by two services: the signature's scope tells them apart, and a device always means its jobs.</summary>
    private static AwsRoute Choose(IReadOnlyList<AwsRoute> routes, Caller caller, string? service)
    {
        var meansJobs = service is null ? caller.Role is null : service == "iot-jobs-data";
        return routes.FirstOrDefault(route => (route.Service == AwsService.IotJobsData) == meansJobs) ?? routes[0];
    }

    /// <exception cref="AwsException">413.</exception>
    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0)
            return default;
        if (request.ContentLength > _options.MaxBodyBytes)
            throw TooLarge();
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = _options.MaxBodyBytes;
        var body = new ArrayBufferWriter<byte>((int)Math.Max(request.ContentLength ?? 0, 256));
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(body.GetMemory(256), cancellationToken);
                if (read == 0)
                    return body.WrittenMemory;
                body.Advance(read);
            }
        }
        catch (BadHttpRequestException ex) when (ex.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge();
        }
    }

    private AwsException TooLarge() => new(413, "RequestEntityTooLargeException", $"the body is larger than {_options.MaxBodyBytes} bytes, the most allowed");

    [LoggerMessage(9401, LogLevel.Error, "{Method} {Path} failed; the caller was told {RequestId}")]
    private partial void LogFailed(Exception exception, string method, PathString path, string requestId);
}
