namespace EdgeGateway.Rules.Functions;

/// <summary>How a function is reached.</summary>
internal interface IFunctionCarrier : IAsyncDisposable
{
    string Kind { get; }

    string Target { get; }

    long Restarts { get; }

    Task<FunctionAnswer> CallAsync(ReadOnlyMemory<byte> @event, FunctionCall call, TimeSpan timeout, CancellationToken cancellationToken);
}
