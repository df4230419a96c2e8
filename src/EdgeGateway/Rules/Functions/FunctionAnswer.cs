namespace EdgeGateway.Rules.Functions;

/// <summary>JSON, or a failure.</summary>
/// <param name="MayPass">The failure may pass by itself: it took too long, or its process is being started again.</param>
public sealed record FunctionAnswer(ReadOnlyMemory<byte> Json, string? Error, bool MayPass)
{
    public static FunctionAnswer Done(ReadOnlyMemory<byte> json) => new(json, null, false);

    public static FunctionAnswer Failed(string error, bool mayPass) => new(default, error, mayPass);
}
