using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>Asks the local function a template names by the last part of its <c>targetArn</c>. Five seconds, and every failure is a no (AWS guide: Device provisioning).</summary>
internal sealed partial class PreProvisioningHooks(IdentityOptions options, GatewayOptions gateway, TimeProvider time, ILogger<PreProvisioningHooks> logger) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { MaxResponseContentBufferSize = MaxAnswerBytes };

    /// <param name="hook">preProvisioningHook of the template, JSON.</param>
    /// <returns>Parameter overrides; null for a no.</returns>
    public async Task<IReadOnlyDictionary<string, string>?> AskAsync(string hook, JsonObject input, CancellationToken cancellationToken)
    {
        var name = (JsonNode.Parse(hook) as JsonObject)?["targetArn"]?.GetValue<string>().Split(':', '/')[^1];
        if (name is null || !options.Hooks.TryGetValue(name, out var function))
        {
            LogUnknown(name);
            return null;
        }
        using var limited = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        try
        {
            var output = await CallAsync(function, input, either.Token);
            return output["allowProvisioning"] is JsonValue allow && allow.TryGetValue(out bool allowed) && allowed ? Overrides(output) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogTooSlow(name, Limit);
            return null;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or InvalidOperationException or System.ComponentModel.Win32Exception or FormatException)
        {
            LogFailed(fault, name);
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> CallAsync(HookOptions function, JsonObject input, CancellationToken cancellationToken)
    {
        if (function.AllowFile is { } file)
            return await LookUpAsync(Path.GetFullPath(file, gateway.ConfigurationFolder), function.AllowParameter, input, cancellationToken);
        var answer = function.Url is { } url
            ? await PostAsync(url, input, cancellationToken)
            : await RunAsync(function.Command, input, cancellationToken);
        return StrictJson.Parse(answer) as JsonObject ?? throw new FormatException("the answer is no JSON object");
    }

    private static async Task<JsonObject> LookUpAsync(string file, string parameter, JsonObject input, CancellationToken cancellationToken)
    {
        var value = (input["parameters"] as JsonObject)?[parameter]?.GetValue<string>();
        var allowed = await File.ReadAllLinesAsync(file, cancellationToken);
        return new JsonObject { ["allowProvisioning"] = value is { Length: > 0 } && allowed.Any(line => line.Trim() == value) };
    }

    private async Task<byte[]> PostAsync(Uri url, JsonObject input, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(ProvisioningRequest.ToUtf8(input));
        content.Headers.ContentType = new("application/json");
        using var response = await _http.PostAsync(url, content, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static async Task<byte[]> RunAsync(IReadOnlyList<string> command, JsonObject input, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{command[0]} did not start");
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(ProvisioningRequest.ToUtf8(input), cancellationToken);
            process.StandardInput.Close();
            var answer = new byte[MaxAnswerBytes];
            var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? answer[..length] : throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Dictionary<string, string> Overrides(JsonObject output)
    {
        var overrides = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in output["parameterOverrides"] as JsonObject ?? [])
            overrides[name] = value?.GetValue<string>() ?? throw new FormatException($"parameterOverrides.{name} is null");
        return overrides;
    }

    [LoggerMessage(3308, LogLevel.Warning, "Pre-provisioning hook {Hook} is not configured (identity.hooks): provisioning is refused")]
    private partial void LogUnknown(string? hook);

    [LoggerMessage(3309, LogLevel.Warning, "Pre-provisioning hook {Hook} took longer than {Limit}: provisioning is refused")]
    private partial void LogTooSlow(string hook, TimeSpan limit);

    [LoggerMessage(3310, LogLevel.Warning, "Pre-provisioning hook {Hook} failed: provisioning is refused")]
    private partial void LogFailed(Exception fault, string hook);
}
