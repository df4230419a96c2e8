using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class CertificateOperations(ICertificates certificates, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateKeysAndCertificate", CreateWithKeysAsync),
        new("CreateCertificateFromCsr", CreateFromCsrAsync),
        new("RegisterCertificate", RegisterAsync),
        new("RegisterCertificateWithoutCA", RegisterWithoutCaAsync),
        new("DescribeCertificate", Describe),
        new("UpdateCertificate", UpdateAsync),
        new("DeleteCertificate", DeleteAsync),
        new("ListCertificates", List),
        new("ListCertificatesByCA", ListByCa),
    ];

    internal static string SortKey(DateTimeOffset created, string id) => $"{created.ToUnixTimeMilliseconds():D15} {id}";

    private async ValueTask<AwsReply> CreateWithKeysAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var issued = await certificates.CreateKeysAndCertificateAsync(StatusOf(call.QueryBoolean("setAsActive")), commonName: null, call.Caller.Actor);
        return AwsReply.Json(writer =>
        {
            WriteIds(writer, issued.Certificate.Id);
            writer.WriteString("certificatePem"u8, issued.Pem);
            writer.WriteObject("keyPair", pair =>
            {
                pair.WriteOptional("PublicKey", issued.PublicKeyPem);
                pair.WriteOptional("PrivateKey", issued.PrivateKeyPem);
            });
        });
    }

    private async ValueTask<AwsReply> CreateFromCsrAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var csr = call.Body.Required("certificateSigningRequest");
        var issued = await certificates.CreateFromCsrAsync(csr, StatusOf(call.QueryBoolean("setAsActive")), call.Caller.Actor);
        return AwsReply.Json(writer =>
        {
            WriteIds(writer, issued.Certificate.Id);
            writer.WriteString("certificatePem"u8, issued.Pem);
        });
    }

    private async ValueTask<AwsReply> RegisterAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var status = call.Body.String("status") is { } text ? ParseStatus("status", text) : StatusOf(call.QueryBoolean("setAsActive"));
        var certificate = await certificates.RegisterAsync(call.Body.Required("certificatePem"), call.Body.String("caCertificatePem"), status, call.Caller.Actor);
        return AwsReply.Json(writer => WriteIds(writer, certificate.Id));
    }

    private async ValueTask<AwsReply> RegisterWithoutCaAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var status = call.Body.String("status") is { } text ? ParseStatus("status", text) : CertificateStatus.Inactive;
        var certificate = await certificates.RegisterWithoutCaAsync(call.Body.Required("certificatePem"), status, call.Caller.Actor);
        return AwsReply.Json(writer => WriteIds(writer, certificate.Id));
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var id = call.Label("certificateId");
        var certificate = certificates.Find(id) ?? throw AwsException.NotFound($"certificate {id} is not registered");
        return new(AwsReply.Json(writer => writer.WriteObject("certificateDescription", description =>
        {
            WriteIds(description, certificate.Id);
            description.WriteOptional("caCertificateId", certificate.CaCertificateId);
            description.WriteString("status"u8, certificate.Status.ToWire());
            description.WriteOptional("certificatePem", certificates.Pem(id));
            description.WriteString("ownedBy"u8, gateway.Account);
            description.WriteTime("creationDate", certificate.Created);
            description.WriteTime("lastModifiedDate", certificate.Modified);
            description.WriteNumber("customerVersion"u8, certificate.Version);
            description.WriteObject("validity", validity =>
            {
                validity.WriteTime("notBefore", certificate.NotBefore);
                validity.WriteTime("notAfter", certificate.NotAfter);
            });
            description.WriteString("certificateMode"u8, certificate.Mode);
        })));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var status = ParseStatus("newStatus", call.RequiredQuery("newStatus"));
        await certificates.UpdateAsync(call.Label("certificateId"), status, call.Caller.Actor);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await certificates.DeleteAsync(call.Label("certificateId"), call.QueryBoolean("forceDelete") ?? false, call.Caller.Actor);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken) => new(ListOf(call, null));

    private ValueTask<AwsReply> ListByCa(AwsCall call, CancellationToken cancellationToken) => new(ListOf(call, call.Label("caCertificateId")));

    private AwsReply ListOf(AwsCall call, string? caId)
    {
        var page = call.MarkerPage([.. certificates.List(caId)], static certificate => SortKey(certificate.Created, certificate.Id));
        return AwsReply.Json(writer =>
        {
            writer.WriteObjects("certificates", page.Items, (item, certificate) =>
            {
                WriteIds(item, certificate.Id);
                item.WriteString("status"u8, certificate.Status.ToWire());
                item.WriteString("certificateMode"u8, certificate.Mode);
                item.WriteTime("creationDate", certificate.Created);
            });
            writer.WriteOptional("nextMarker", page.NextToken);
        });
    }

    private void WriteIds(Utf8JsonWriter writer, string id)
    {
        writer.WriteString("certificateArn"u8, gateway.Arn($"cert/{id}"));
        writer.WriteString("certificateId"u8, id);
    }

    private static CertificateStatus StatusOf(bool? setAsActive) => setAsActive is true ? CertificateStatus.Active : CertificateStatus.Inactive;

    private static CertificateStatus ParseStatus(string member, string text) =>
        CertificateStatuses.TryParse(text, out var status) ? status : throw AwsException.InvalidRequest($"{member} is '{text}', expected ACTIVE, INACTIVE or REVOKED");
}
