using EdgeGateway.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Of tier B: role aliases, domain configurations and logging as boto3 sees them.</summary>
public sealed class SettingsOperationsTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task RoleAliases_Boto3() => gateway.PythonAsync(
        """
        role = "arn:aws:iam::000000000000:role/reader"
        made = iot.create_role_alias(roleAlias="a=b@c", roleArn=role, tags=[{"Key": "k", "Value": "v"}])
        assert made["roleAliasArn"] == "arn:aws:iot:edge:000000000000:rolealias/a=b@c", made
        refused("ResourceAlreadyExistsException", 409, iot.create_role_alias, roleAlias="a=b@c", roleArn=role)
        refused("InvalidRequestException", 400, iot.create_role_alias, roleAlias="a b", roleArn=role)
        refused("InvalidRequestException", 400, iot.create_role_alias, roleAlias="b", roleArn="arn:aws:iot:edge:000000000000:thing/x")
        described = iot.describe_role_alias(roleAlias="a=b@c")["roleAliasDescription"]
        assert described["credentialDurationSeconds"] == 3600 and described["owner"] == "000000000000" and described["creationDate"].year >= 2024
        refused("InvalidRequestException", 400, iot.update_role_alias, roleAlias="a=b@c", credentialDurationSeconds=43201)
        iot.update_role_alias(roleAlias="a=b@c", credentialDurationSeconds=900)
        assert iot.describe_role_alias(roleAlias="a=b@c")["roleAliasDescription"]["credentialDurationSeconds"] == 900
        assert iot.list_tags_for_resource(resourceArn=made["roleAliasArn"])["tags"] == [{"Key": "k", "Value": "v"}]
        for i in range(3):
            iot.create_role_alias(roleAlias=f"more-{i}", roleArn=role)
        assert pages("list_role_aliases", "roleAliases", PaginationConfig={"PageSize": 2}) == ["a=b@c", "more-0", "more-1", "more-2"]
        assert iot.list_role_aliases(ascendingOrder=False)["roleAliases"][0] == "more-2"
        iot.delete_role_alias(roleAlias="a=b@c")
        refused("ResourceNotFoundException", 404, iot.describe_role_alias, roleAlias="a=b@c")
        refused("ResourceNotFoundException", 404, iot.delete_role_alias, roleAlias="a=b@c")
        """);

    [Fact]
    public Task DomainConfigurations_Boto3() => gateway.PythonAsync(
        """
        made = iot.create_domain_configuration(domainConfigurationName="plant.local", domainName="Plant.local")
        assert made["domainConfigurationArn"].startswith("arn:aws:iot:edge:000000000000:domainconfiguration/plant.local/"), made
        refused("ResourceAlreadyExistsException", 409, iot.create_domain_configuration, domainConfigurationName="plant.local")
        cloud = "arn:aws:acm:eu-central-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
        refused("InvalidRequestException", 400, iot.create_domain_configuration, domainConfigurationName="x", serverCertificateArns=[cloud])
        described = iot.describe_domain_configuration(domainConfigurationName="plant.local")
        assert (described["domainName"], described["domainConfigurationStatus"], described["serviceType"], described["domainType"]) == ("plant.local", "ENABLED", "DATA", "CUSTOMER_MANAGED"), described
        iot.update_domain_configuration(domainConfigurationName="plant.local", authorizerConfig={"defaultAuthorizerName": "a", "allowAuthorizerOverride": True})
        assert iot.describe_domain_configuration(domainConfigurationName="plant.local")["authorizerConfig"] == {"defaultAuthorizerName": "a", "allowAuthorizerOverride": True}
        iot.update_domain_configuration(domainConfigurationName="plant.local", removeAuthorizerConfig=True)
        assert "authorizerConfig" not in iot.describe_domain_configuration(domainConfigurationName="plant.local")
        assert [d["domainConfigurationName"] for d in iot.list_domain_configurations(serviceType="DATA")["domainConfigurations"]] == ["plant.local"]
        refused("InvalidRequestException", 400, iot.delete_domain_configuration, domainConfigurationName="plant.local")
        iot.update_domain_configuration(domainConfigurationName="plant.local", domainConfigurationStatus="DISABLED")
        iot.delete_domain_configuration(domainConfigurationName="plant.local")
        refused("ResourceNotFoundException", 404, iot.describe_domain_configuration, domainConfigurationName="plant.local")
        """);

    [Fact]
    public async Task Logging_Boto3()
    {
        await gateway.PythonAsync(
            """
            refused("NotConfiguredException", 404, iot.get_v2_logging_options)
            refused("NotConfiguredException", 404, iot.list_v2_logging_levels)
            assert iot.get_logging_options()["logLevel"] == "INFO"
            iot.set_v2_logging_options(roleArn="arn:aws:iam::000000000000:role/logs", defaultLogLevel="DEBUG")
            options = iot.get_v2_logging_options()
            assert (options["defaultLogLevel"], options["disableAllLogs"], options["roleArn"]) == ("DEBUG", False, "arn:aws:iam::000000000000:role/logs"), options
            refused("InvalidRequestException", 400, iot.set_v2_logging_level, logTarget={"targetType": "SOURCE_IP", "targetName": "x"}, logLevel="DEBUG")
            refused("InvalidRequestException", 400, iot.set_v2_logging_level, logTarget={"targetType": "THING_GROUP"}, logLevel="DEBUG")
            iot.set_v2_logging_level(logTarget={"targetType": "DEFAULT"}, logLevel="WARN")
            assert iot.list_v2_logging_levels()["logTargetConfigurations"] == [{"logTarget": {"targetType": "DEFAULT"}, "logLevel": "WARN"}]
            iot.set_v2_logging_level(logTarget={"targetType": "THING_GROUP", "targetName": "house"}, logLevel="DEBUG")
            iot.set_v2_logging_level(logTarget={"targetType": "THING_GROUP", "targetName": "house"}, logLevel="ERROR")
            groups = {"logTarget": {"targetType": "THING_GROUP", "targetName": "house"}, "logLevel": "ERROR"}
            assert iot.list_v2_logging_levels(targetType="THING_GROUP")["logTargetConfigurations"] == [groups]
            assert len(iot.list_v2_logging_levels()["logTargetConfigurations"]) == 2
            first = iot.list_v2_logging_levels(maxResults=1)
            assert len(iot.list_v2_logging_levels(maxResults=1, nextToken=first["nextToken"])["logTargetConfigurations"]) == 1
            iot.delete_v2_logging_level(targetType="THING_GROUP", targetName="house")
            assert iot.list_v2_logging_levels(targetType="THING_GROUP")["logTargetConfigurations"] == []
            refused("InvalidRequestException", 400, iot.delete_v2_logging_level, targetType="DEFAULT", targetName="x")
            iot.set_logging_options(loggingOptionsPayload={"roleArn": "arn:aws:iam::000000000000:role/logs", "logLevel": "ERROR"})
            assert iot.get_v2_logging_options()["defaultLogLevel"] == "ERROR"
            """);
        Assert.Equal(LogLevel.Error, gateway.Services.GetRequiredService<GatewayLogLevel>().Level);
        Assert.False(gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger("EdgeGateway.Api.Any").IsEnabled(LogLevel.Warning));
    }
}
