namespace EdgeGateway.Rules.Functions;

/// <summary>The local functions that rules call.</summary>
public interface IFunctions
{
    IReadOnlyList<FunctionStatus> All { get; }

    /// <param name="event">JSON: the outgoing payload.</param>
    /// <returns>The function's answer, or why there is none.</returns>
    Task<FunctionAnswer> InvokeAsync(string name, ReadOnlyMemory<byte> @event, FunctionCall call, CancellationToken cancellationToken);
}
