using EdgeGateway.Rules.Http;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Delivery;

/// <summary>`resendFlag` (docs/rules.md): the receiver is told which messages come late. Bodies that are no JSON objects stay as they are.</summary>
internal static class ResendMark
{
    public static Parcel On(Parcel parcel, string member)
    {
        if (parcel.Kind != HttpParcel.Kind)
            return parcel;
        var request = HttpParcel.Read(parcel.Bytes);
        if (!SqlJson.TryParse(request.Body.Span, SqlVersion.Edge1, out var body) || body.Kind != SqlKind.Object)
            return parcel;
        var marked = body.AsObject.Copy(1);
        marked.Set(member, true);
        return parcel with { Bytes = (request with { Body = SqlJson.ToUtf8(marked) }).ToBytes() };
    }
}
