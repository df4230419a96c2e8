using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class CaCertificateOperations(ICertificateAuthorities authorities, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("RegisterCACertificate", RegisterAsync),
        new("DescribeCACertificate", Describe),
        new("UpdateCACertificate", UpdateAsync),
        new("DeleteCACertificate", DeleteAsync),
        new("ListCACertificates", List),
        new("GetRegistrationCode", GetRegistrationCodeAsync),
        new("DeleteRegistrationCode", DeleteRegistrationCodeAsync),
    ];

    private async ValueTask<AwsReply> RegisterAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var registration = new CaRegistration(
            body.Required("caCertificate"), body.String("verificationCertificate"), call.QueryBoolean("setAsActive") ?? false,
            call.QueryBoolean("allowAutoRegistration") ?? false, body.String("certificateMode") ?? "DEFAULT", Config(body));
        var ca = await authorities.RegisterAsync(registration, call.Caller.Actor);
        await tags.ReplaceAsync(Arn(ca.Id), wanted, cancellationToken);
        return AwsReply.Json(writer => WriteIds(writer, ca.Id));
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var id = call.Label("caCertificateId");
        var ca = authorities.Find(id) ?? throw AwsException.NotFound($"CA certificate {id} is not registered");
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObject("certificateDescription", description =>
            {
                WriteIds(description, ca.Id);
                description.WriteString("status"u8, Status(ca));
                description.WriteString("certificatePem"u8, ca.Pem);
                description.WriteString("ownedBy"u8, gateway.Account);
                description.WriteTime("creationDate", ca.Created);
                description.WriteString("autoRegistrationStatus"u8, ca.AutoRegistration ? "ENABLE"u8 : "DISABLE"u8);
                description.WriteTime("lastModifiedDate", ca.Modified);
                description.WriteNumber("customerVersion"u8, ca.Version);
                description.WriteObject("validity", validity =>
                {
                    validity.WriteTime("notBefore", ca.NotBefore);
                    validity.WriteTime("notAfter", ca.NotAfter);
                });
                description.WriteString("certificateMode"u8, ca.Mode);
            });
            if (ca.Registration is { } registration)
                writer.WriteObject("registrationConfig", config =>
                {
                    config.WriteOptional("templateBody", registration.TemplateBody);
                    config.WriteOptional("roleArn", registration.RoleArn);
                    config.WriteOptional("templateName", registration.TemplateName);
                });
        }));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var update = new CaUpdate(
            Switch(call, "newStatus", "ACTIVE", "INACTIVE"), Switch(call, "newAutoRegistrationStatus", "ENABLE", "DISABLE"), Config(call.Body),
            call.Body.Boolean("removeAutoRegistration"));
        await authorities.UpdateAsync(call.Label("caCertificateId"), update, call.Caller.Actor);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var id = call.Label("caCertificateId");
        await authorities.DeleteAsync(id, call.Caller.Actor);
        await tags.ReplaceAsync(Arn(id), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var template = call.Query("templateName");
        var cas = authorities.List().Where(ca => template is null || ca.Registration?.TemplateName == template).ToList();
        var page = call.MarkerPage(cas, static ca => CertificateOperations.SortKey(ca.Created, ca.Id));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("certificates", page.Items, (item, ca) =>
            {
                WriteIds(item, ca.Id);
                item.WriteString("status"u8, Status(ca));
                item.WriteTime("creationDate", ca.Created);
            });
            writer.WriteOptional("nextMarker", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> GetRegistrationCodeAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var code = await authorities.GetRegistrationCodeAsync();
        return AwsReply.Json(writer => writer.WriteString("registrationCode"u8, code));
    }

    private async ValueTask<AwsReply> DeleteRegistrationCodeAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await authorities.DeleteRegistrationCodeAsync(call.Caller.Actor);
        return AwsReply.Empty;
    }

    private static CaRegistrationConfig? Config(AwsObject body) =>
        body.Object("registrationConfig") is { } config ? new(config.String("templateName"), config.String("templateBody"), config.String("roleArn")) : null;

    private static bool? Switch(AwsCall call, string name, string on, string off)
    {
        var value = call.Query(name);
        if (value is null)
            return null;
        return value == on || (value == off ? false : throw AwsException.InvalidRequest($"{name} is '{value}', expected {on} or {off}"));
    }

    private static string Status(CaCertificate ca) => ca.Active ? "ACTIVE" : "INACTIVE";

    private void WriteIds(Utf8JsonWriter writer, string id)
    {
        writer.WriteString("certificateArn"u8, Arn(id));
        writer.WriteString("certificateId"u8, id);
    }

    private string Arn(string id) => gateway.Arn($"cacert/{id}");
}
