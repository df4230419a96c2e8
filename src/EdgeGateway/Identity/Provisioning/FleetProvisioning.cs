using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>The operations of fleet provisioning, one request in, one answer out; <see cref="FleetProvisioningService"/> carries them to and from the bus.</summary>
internal sealed partial class FleetProvisioning(
    ICertificates certificates, IProvisioningTemplates templates, OwnershipTokens tokens, Provisioner provisioner, PreProvisioningHooks hooks, JoinWindow join, IdentityArns arns,
    ILogger<FleetProvisioning> logger)
{
    private const int MaxPending = 1000;                             // certificates that nobody provisioned yet; each is a row until its token ends

    /// <exception cref="ProvisioningRefusal">What the device hears instead.</exception>
    public async Task<JsonObject> HandleAsync(ProvisioningRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.Operation switch
            {
                ProvisioningOperation.CreateKeysAndCertificate => await CreateKeysAsync(request),
                ProvisioningOperation.CreateCertificateFromCsr => await CreateFromCsrAsync(request),
                _ => await RegisterThingAsync(request, cancellationToken),
            };
        }
        catch (IdentityException fault)
        {
            throw request.Operation == ProvisioningOperation.CreateCertificateFromCsr ? ProvisioningRefusal.Csr(fault.Message) : ProvisioningRefusal.Of(fault);
        }
    }

    /// <summary>Deletes the certificates whose token ended before anybody used it (AWS guide: Device provisioning).</summary>
    public async Task ForgetEndedAsync()
    {
        foreach (var id in await tokens.TakeEndedAsync())
        {
            if (certificates.Find(id) is not { Status: CertificateStatus.PendingActivation })
                continue;
            try
            {
                await certificates.DeleteAsync(id, force: false, "provisioning:expired");
            }
            catch (IdentityException fault)
            {
                LogKept(id, fault.Message);                          // somebody gave it a policy or thing meanwhile: it stays, as the spec says
            }
        }
    }

    private async Task<JsonObject> CreateKeysAsync(ProvisioningRequest request)
    {
        RequireRoom();
        var issued = await certificates.CreateKeysAndCertificateAsync(CertificateStatus.PendingActivation, commonName: null, Actor(request));
        return new JsonObject
        {
            ["certificateId"] = issued.Certificate.Id,
            ["certificatePem"] = issued.Pem,
            ["privateKey"] = issued.PrivateKeyPem,
            ["certificateOwnershipToken"] = await tokens.IssueAsync(issued.Certificate.Id, request.PrincipalId),
        };
    }

    private async Task<JsonObject> CreateFromCsrAsync(ProvisioningRequest request)
    {
        RequireRoom();
        var csr = Text(request.Body(), "certificateSigningRequest") ?? throw ProvisioningRefusal.Csr("certificateSigningRequest is missing.");
        var issued = await certificates.CreateFromCsrAsync(csr, CertificateStatus.PendingActivation, Actor(request));
        return new JsonObject
        {
            ["certificateOwnershipToken"] = await tokens.IssueAsync(issued.Certificate.Id, request.PrincipalId),
            ["certificateId"] = issued.Certificate.Id,
            ["certificatePem"] = issued.Pem,
        };
    }

    private async Task<JsonObject> RegisterThingAsync(ProvisioningRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body();
        var token = Text(body, "certificateOwnershipToken");
        if (string.IsNullOrEmpty(token) || tokens.Find(token, request.PrincipalId) is not { } ownership)
            throw ProvisioningRefusal.Token();
        var parameters = Parameters(body);
        var key = Key(request.Template!, parameters);
        if (ownership.Used is { } used)
            return AnswerAgain(used, key);
        if (templates.Find(request.Template!) is not { } template)
            throw ProvisioningRefusal.NotFound($"There is no provisioning template {request.Template}.");
        if (!template.Enabled || template.Type != "FLEET_PROVISIONING")
            throw ProvisioningRefusal.Request($"Provisioning template {template.Name} is not enabled for fleet provisioning.");
        await AskHookAsync(template, request, ownership.CertificateId, parameters, cancellationToken);
        parameters[ProvisioningTemplateDocument.CertificateIdParameter] = ownership.CertificateId;
        var plan = Plan(template, parameters);
        if (template.Name == JoinWindow.TemplateName)
            join.Require(plan);
        await provisioner.ApplyAsync(plan, ownership.CertificateId, Actor(request), cancellationToken);
        var answer = new JsonObject { ["deviceConfiguration"] = plan.DeviceConfiguration, ["thingName"] = plan.Thing?.Name };
        if (plan.Thing is null)
            answer.Remove("thingName");
        await tokens.UseAsync(token, Encoding.UTF8.GetString(ProvisioningRequest.ToUtf8(new JsonObject { ["key"] = key, ["answer"] = answer.DeepClone() })));
        LogProvisioned(plan.Thing?.Name, ownership.CertificateId, template.Name, request.ClientId);
        return answer;
    }

    private static ProvisioningPlan Plan(ProvisioningTemplate template, Dictionary<string, string> parameters)
    {
        try
        {
            return ProvisioningTemplateDocument.Parse(template.Body).Plan(parameters);
        }
        catch (TemplateException fault)
        {
            throw ProvisioningRefusal.Parameters(fault.Message);
        }
    }

    private async Task AskHookAsync(
        ProvisioningTemplate template, ProvisioningRequest request, string certificateId, Dictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        if (template.Hook is null)
            return;
        var given = new JsonObject();
        foreach (var (name, value) in parameters)
            given[name] = value;
        var input = new JsonObject
        {
            ["claimCertificateId"] = request.PrincipalId,
            ["certificateId"] = certificateId,
            ["certificatePem"] = certificates.Pem(certificateId),
            ["templateArn"] = arns.ProvisioningTemplate(template.Name),
            ["clientId"] = request.ClientId,
            ["parameters"] = given,
        };
        if (await hooks.AskAsync(template.Hook, input, cancellationToken) is not { } overrides)
            throw ProvisioningRefusal.Denied("The pre-provisioning hook does not allow it.");
        foreach (var (name, value) in overrides)
            parameters[name] = value;
    }

    private void RequireRoom()
    {
        if (tokens.Count() >= MaxPending)
            throw ProvisioningRefusal.Throttled();
    }

    /// <summary>The same request with the same token gets the same answer; another one finds the token used up.</summary>
    private static JsonObject AnswerAgain(string used, string key)
    {
        var kept = JsonNode.Parse(used)!.AsObject();
        return kept["key"]!.GetValue<string>() == key ? kept["answer"]!.DeepClone().AsObject() : throw ProvisioningRefusal.Token();
    }

    private static string Key(string template, Dictionary<string, string> parameters)
    {
        var text = new StringBuilder(template);
        foreach (var (name, value) in parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append('\0').Append(name).Append('\0').Append(value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static Dictionary<string, string> Parameters(JsonObject body)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body["parameters"] is not { } given)
            return parameters;
        if (given is not JsonObject members)
            throw ProvisioningRefusal.Parameters("parameters is no object.");
        foreach (var (name, value) in members)
        {
            if (name.StartsWith("AWS::", StringComparison.Ordinal) || value is not JsonValue text || !text.TryGetValue(out string? content))
                throw ProvisioningRefusal.Parameters($"parameter {name} is no string, or its name is reserved.");
            parameters[name] = content;
        }
        return parameters;
    }

    private static string? Text(JsonObject body, string name) => body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string Actor(ProvisioningRequest request) => "provisioning:" + request.ClientId;

    [LoggerMessage(3303, LogLevel.Information, "Thing {Thing} provisioned with certificate {Certificate} by template {Template} for client {ClientId}")]
    private partial void LogProvisioned(string? thing, string certificate, string template, string clientId);

    [LoggerMessage(3304, LogLevel.Information, "Certificate {Certificate} was never provisioned, but stays: {Why}")]
    private partial void LogKept(string certificate, string why);
}
