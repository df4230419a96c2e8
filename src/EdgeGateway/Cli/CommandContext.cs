using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary>What a command works with: its arguments, the gateway it asks, and where it prints.</summary>
internal sealed class CommandContext(ParseResult parsed, GlobalOptions globals) : IDisposable
{
    private GatewayClient? _client;

    /// <summary>The running gateway; connects at the first request.</summary>
    public GatewayClient Gateway => _client ??= GatewayClient.For(parsed.GetValue(globals.Data));

    public bool Json => parsed.GetValue(globals.Json);

    public Output Output { get; } = new(parsed.InvocationConfiguration.Output);

    public TextWriter Error => parsed.InvocationConfiguration.Error;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    public void Dispose() => _client?.Dispose();
}
