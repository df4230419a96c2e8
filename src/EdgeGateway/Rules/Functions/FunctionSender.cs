using System.Text;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;

namespace EdgeGateway.Rules.Functions;

/// <summary>Calls a local function; its answer does not matter, but for whether there is one.</summary>
internal sealed class FunctionSender(IFunctions functions) : IParcelSender
{
    public const string KindName = "lambda";

    public string Kind => KindName;

    public static byte[] Write(FunctionCall call, ReadOnlyMemory<byte> json)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            foreach (var text in (string?[])[call.Rule, call.Topic, call.ClientId, call.TraceId])
                writer.Write(text ?? "");
            writer.Write(json.Length);
            writer.Write(json.Span);
        }
        return stream.ToArray();
    }

    public async Task<RuleActionFailure?> SendAsync(Parcel parcel, ParcelContext context, CancellationToken cancellationToken)
    {
        using var reader = new BinaryReader(new MemoryStream(parcel.Bytes), Encoding.UTF8);
        var (rule, topic, client, trace) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
        var json = reader.ReadBytes(reader.ReadInt32());
        var answer = await functions.InvokeAsync(parcel.Resource, json, new FunctionCall(rule, topic, client.Length == 0 ? null : client, trace), cancellationToken);
        return answer.Error is { } error ? new(parcel.Resource, error, "FunctionFailed", answer.MayPass) : null;
    }
}
