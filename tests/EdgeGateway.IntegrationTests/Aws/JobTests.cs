using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Jobs with AWS's own clients: boto3 for the control plane and the data plane, the device SDK's jobs client over MQTT, and the command line.</summary>
public sealed class JobTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task Boto3_ControlPlane() => gateway.PythonAsync(
        """
        for i in range(3):
            iot.create_thing(thingName=f"j-{i}")
        iot.create_thing_group(thingGroupName="j-group")
        iot.add_thing_to_thing_group(thingGroupName="j-group", thingName="j-1")
        arn = lambda kind, name: f"arn:aws:iot:edge:000000000000:{kind}/{name}"
        document = '{ "operation":   "update", "version": 2 }'
        made = iot.create_job(jobId="j-one", targets=[arn("thing", "j-0"), arn("thinggroup", "j-group")], document=document, description="first", tags=[{"Key": "k", "Value": "v"}],
            jobExecutionsRolloutConfig={"maximumPerMinute": 1000}, timeoutConfig={"inProgressTimeoutInMinutes": 60}, abortConfig={"criteriaList": [{"failureType": "FAILED", "action": "CANCEL", "thresholdPercentage": 60.0, "minNumberOfExecutedThings": 2}]})
        assert made["jobArn"] == arn("job", "j-one") and made["description"] == "first", made
        job = iot.describe_job(jobId="j-one")["job"]
        assert (job["status"], job["targetSelection"], job["timeoutConfig"], job["abortConfig"]["criteriaList"][0]["thresholdPercentage"]) == ("IN_PROGRESS", "SNAPSHOT", {"inProgressTimeoutInMinutes": 60}, 60.0), job
        assert iot.get_job_document(jobId="j-one")["document"] == document
        assert iot.list_tags_for_resource(resourceArn=made["jobArn"])["tags"] == [{"Key": "k", "Value": "v"}]
        import time
        for _ in range(200):
            counts = iot.describe_job(jobId="j-one")["job"]["jobProcessDetails"]
            if counts["numberOfQueuedThings"] == 2:
                break
            time.sleep(0.05)
        assert counts["numberOfQueuedThings"] == 2, counts
        summaries = pages("list_job_executions_for_job", "executionSummaries", jobId="j-one")
        assert [summary["thingArn"] for summary in summaries] == [arn("thing", "j-0"), arn("thing", "j-1")] and summaries[0]["jobExecutionSummary"]["executionNumber"] == 1
        assert [summary["jobId"] for summary in pages("list_job_executions_for_thing", "executionSummaries", thingName="j-0", status="QUEUED")] == ["j-one"]
        execution = iot.describe_job_execution(jobId="j-one", thingName="j-0")["execution"]
        assert (execution["status"], execution["versionNumber"], execution["thingArn"]) == ("QUEUED", 1, arn("thing", "j-0")), execution
        iot.update_job(jobId="j-one", description="second", timeoutConfig={"inProgressTimeoutInMinutes": 5})
        assert iot.describe_job(jobId="j-one")["job"]["description"] == "second"
        refused("ResourceAlreadyExistsException", 409, iot.create_job, jobId="j-one", targets=[arn("thing", "j-0")], document="{}")
        refused("ResourceNotFoundException", 404, iot.create_job, jobId="j-x", targets=[arn("thing", "none")], document="{}")
        refused("InvalidRequestException", 400, iot.create_job, jobId="j-x", targets=[arn("thing", "j-0")])
        refused("InvalidRequestException", 400, iot.create_job, jobId="j-x", targets=[arn("thing", "j-0")], document="{")
        refused("ResourceNotFoundException", 404, iot.create_job, jobId="j-x", targets=[arn("thing", "j-0")], documentSource="https://files.s3.amazonaws.com/none.json")
        refused("ResourceNotFoundException", 404, iot.describe_job, jobId="none")
        refused("InvalidStateTransitionException", 409, iot.delete_job, jobId="j-one")
        iot.cancel_job_execution(jobId="j-one", thingName="j-0", statusDetails={"why": "test"})
        assert iot.describe_job_execution(jobId="j-one", thingName="j-0")["execution"]["statusDetails"]["detailsMap"] == {"why": "test"}
        refused("InvalidStateTransitionException", 409, iot.cancel_job_execution, jobId="j-one", thingName="j-0", force=True)
        refused("VersionConflictException", 409, iot.cancel_job_execution, jobId="j-one", thingName="j-1", expectedVersion=7)
        iot.delete_job_execution(jobId="j-one", thingName="j-0", executionNumber=1)
        refused("ResourceNotFoundException", 404, iot.describe_job_execution, jobId="j-one", thingName="j-0")
        iot.cancel_job(jobId="j-one", reasonCode="R", comment="enough", force=True)
        job = iot.describe_job(jobId="j-one")["job"]
        assert (job["status"], job["reasonCode"], job["comment"], job["forceCanceled"]) == ("CANCELED", "R", "enough", True), job
        assert "j-one" in [job["jobId"] for job in pages("list_jobs", "jobs", status="CANCELED")]
        iot.delete_job(jobId="j-one")
        refused("ResourceNotFoundException", 404, iot.describe_job, jobId="j-one")

        iot.create_job_template(jobTemplateId="j-template", document=document, description="for all", jobExecutionsRolloutConfig={"maximumPerMinute": 50})
        refused("ConflictException", 409, iot.create_job_template, jobTemplateId="j-template", document=document, description="again")
        template = iot.describe_job_template(jobTemplateId="j-template")
        assert template["document"] == document and template["jobExecutionsRolloutConfig"] == {"maximumPerMinute": 50}, template
        assert [item["jobTemplateId"] for item in pages("list_job_templates", "jobTemplates")] == ["j-template"]
        iot.create_job(jobId="j-two", targets=[arn("thinggroup", "j-group")], targetSelection="CONTINUOUS", jobTemplateArn=template["jobTemplateArn"])
        job = iot.describe_job(jobId="j-two")["job"]
        assert job["jobExecutionsRolloutConfig"] == {"maximumPerMinute": 50} and job["jobTemplateArn"] == template["jobTemplateArn"], job
        iot.create_thing_group(thingGroupName="j-more")
        iot.associate_targets_with_job(jobId="j-two", targets=[arn("thinggroup", "j-more")])
        assert len(iot.describe_job(jobId="j-two")["job"]["targets"]) == 2
        iot.add_thing_to_thing_group(thingGroupName="j-more", thingName="j-2")
        for _ in range(400):
            things = [summary["thingArn"] for summary in pages("list_job_executions_for_job", "executionSummaries", jobId="j-two")]
            if len(things) == 2:
                break
            time.sleep(0.05)
        assert things == [arn("thing", "j-1"), arn("thing", "j-2")], things
        iot.delete_job(jobId="j-two", force=True)
        iot.delete_job_template(jobTemplateId="j-template")
        refused("ResourceNotFoundException", 404, iot.describe_job_template, jobTemplateId="j-template")
        assert iot.list_managed_job_templates()["managedJobTemplates"] == []
        """);

    [Fact]
    public Task Boto3_DataPlane() => gateway.PythonAsync(
        """
        jobs = boto3.client("iot-jobs-data", endpoint_url=endpoint, config=config)
        iot.create_thing(thingName="d-0")
        arn = "arn:aws:iot:edge:000000000000:thing/d-0"
        assert jobs.get_pending_job_executions(thingName="d-0")["queuedJobs"] == []
        assert "execution" not in jobs.start_next_pending_job_execution(thingName="d-0")
        for name in ("d-one", "d-two"):
            iot.create_job(jobId=name, targets=[arn], document='{"do":"it"}')
        pending = jobs.get_pending_job_executions(thingName="d-0")
        assert [job["jobId"] for job in pending["queuedJobs"]] == ["d-one", "d-two"] and pending["inProgressJobs"] == []
        assert isinstance(pending["queuedJobs"][0]["queuedAt"], int)
        started = jobs.start_next_pending_job_execution(thingName="d-0", statusDetails={"step": "1"}, stepTimeoutInMinutes=10)["execution"]
        assert (started["jobId"], started["status"], started["statusDetails"], started["jobDocument"]) == ("d-one", "IN_PROGRESS", {"step": "1"}, '{"do":"it"}'), started
        assert 590 <= started["approximateSecondsBeforeTimedOut"] <= 600
        assert jobs.describe_job_execution(jobId="$next", thingName="d-0")["execution"]["jobId"] == "d-one"
        state = jobs.update_job_execution(jobId="d-one", thingName="d-0", status="SUCCEEDED", expectedVersion=2, includeJobExecutionState=True)["executionState"]
        assert (state["status"], state["versionNumber"]) == ("SUCCEEDED", 3), state
        refused("InvalidStateTransitionException", 409, lambda **given: jobs.update_job_execution(**given, status="FAILED"), jobId="d-one", thingName="d-0")
        refused("TerminalStateException", 410, jobs.describe_job_execution, jobId="d-one", thingName="d-0")
        refused("ResourceNotFoundException", 404, lambda **given: jobs.update_job_execution(**given, status="FAILED"), jobId="none", thingName="d-0")
        refused("ResourceNotFoundException", 404, jobs.get_pending_job_executions, thingName="none")
        assert iot.describe_job(jobId="d-one")["job"]["status"] == "COMPLETED"
        assert iot.describe_job_execution(jobId="d-one", thingName="d-0")["execution"]["status"] == "SUCCEEDED"    # the same route, by the other service
        """);

    /// <summary>The device that was off is told of its job when it asks, works through it, and hears of the next one.</summary>
    [Fact]
    public Task DeviceSdk_WorksThroughItsJobs() => gateway.NodeAsync(
        """
        const assert = require("node:assert"), fs = require("node:fs");
        const iotLib = require("@aws-sdk/client-iot"), { mqtt, iot, iotjobs } = require("aws-iot-device-sdk-v2");
        const control = new iotLib.IoTClient({ endpoint: process.env.HTTPS_ENDPOINT, region: "eu-central-1" });
        const call = (name, input) => control.send(new iotLib[name + "Command"](input ?? {}));
        process.on("unhandledRejection", error => { console.error(error); process.exit(1); });
        const within = (promise, what) => Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("never: " + what)), 30000))]);
        (async () => {
            const thingName = "n-device";
            const { thingArn } = await call("CreateThing", { thingName });
            await call("CreateJob", { jobId: "n-first", targets: [thingArn], document: JSON.stringify({ operation: "reboot" }) });
            const made = await call("CreateKeysAndCertificate", { setAsActive: true });
            await call("CreatePolicy", { policyName: "n-jobs", policyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [
                { Effect: "Allow", Action: "iot:Connect", Resource: "*" },
                { Effect: "Allow", Action: ["iot:Publish", "iot:Receive"], Resource: "arn:aws:iot:edge:000000000000:topic/$aws/things/n-device/jobs/*" },
                { Effect: "Allow", Action: "iot:Subscribe", Resource: "arn:aws:iot:edge:000000000000:topicfilter/$aws/things/n-device/jobs/*" }] }) });
            await call("AttachPolicy", { policyName: "n-jobs", target: made.certificateArn });
            const [host, port] = (await call("DescribeEndpoint", { endpointType: "iot:Jobs" })).endpointAddress.split(":");
            const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(made.certificatePem, made.keyPair.PrivateKey)
                .with_certificate_authority(fs.readFileSync(process.env.CA_FILE, "utf8")).with_client_id(thingName).with_endpoint(host).with_port(Number(port)).with_clean_session(true).build();
            const connection = new mqtt.MqttClient().new_connection(config);
            await connection.connect();
            const jobs = new iotjobs.IotJobsClient(connection);

            const nexts = [], waiting = [];
            await jobs.subscribeToNextJobExecutionChangedEvents({ thingName }, mqtt.QoS.AtLeastOnce, (error, event) => { nexts.push(event); waiting.splice(0).forEach(resolve => resolve()); });
            const next = async count => { while (nexts.length < count) await within(new Promise(resolve => waiting.push(resolve)), "notify-next " + count); return nexts[count - 1].execution; };
            let accept, reject;
            const answered = () => within(new Promise((resolve, fail) => { accept = resolve; reject = fail; }), "an answer");
            await jobs.subscribeToStartNextPendingJobExecutionAccepted({ thingName }, mqtt.QoS.AtLeastOnce, (error, response) => accept(response));
            await jobs.subscribeToStartNextPendingJobExecutionRejected({ thingName }, mqtt.QoS.AtLeastOnce, (error, response) => reject(new Error(JSON.stringify(response))));
            await jobs.subscribeToUpdateJobExecutionAccepted({ thingName, jobId: "+" }, mqtt.QoS.AtLeastOnce, (error, response) => accept(response));
            await jobs.subscribeToUpdateJobExecutionRejected({ thingName, jobId: "+" }, mqtt.QoS.AtLeastOnce, (error, response) => reject(Object.assign(new Error(response.message), { code: response.code })));
            await jobs.subscribeToGetPendingJobExecutionsAccepted({ thingName }, mqtt.QoS.AtLeastOnce, (error, response) => accept(response));

            let answer = answered();
            await jobs.publishGetPendingJobExecutions({ thingName, clientToken: "a" }, mqtt.QoS.AtLeastOnce);
            assert.deepStrictEqual((await answer).queuedJobs.map(job => job.jobId), ["n-first"]);
            answer = answered();
            await jobs.publishStartNextPendingJobExecution({ thingName, clientToken: "b" }, mqtt.QoS.AtLeastOnce);
            const started = (await answer).execution;
            assert.deepStrictEqual([started.jobId, started.status, started.jobDocument.operation, started.versionNumber], ["n-first", "IN_PROGRESS", "reboot", 2]);
            await call("CreateJob", { jobId: "n-second", targets: [thingArn], document: JSON.stringify({ operation: "log" }) });
            answer = answered();
            await jobs.publishUpdateJobExecution({ thingName, jobId: "n-first", status: "SUCCEEDED", expectedVersion: 1, clientToken: "c" }, mqtt.QoS.AtLeastOnce);
            await assert.rejects(answer, error => error.code === "VersionMismatch");
            answer = answered();
            await jobs.publishUpdateJobExecution({ thingName, jobId: "n-first", status: "SUCCEEDED", expectedVersion: 2, includeJobExecutionState: true, clientToken: "d" }, mqtt.QoS.AtLeastOnce);
            assert.strictEqual((await answer).executionState.status, "SUCCEEDED");
            const second = await next(1);
            assert.deepStrictEqual([second.jobId, second.status, second.jobDocument.operation], ["n-second", "QUEUED", "log"]);
            answer = answered();
            await jobs.publishUpdateJobExecution({ thingName, jobId: "n-second", status: "FAILED", statusDetails: { reason: "test" }, clientToken: "e" }, mqtt.QoS.AtLeastOnce);
            await answer;
            assert.strictEqual(await next(2), undefined);
            const summary = (await call("ListJobExecutionsForThing", { thingName })).executionSummaries.map(item => [item.jobId, item.jobExecutionSummary.status]);
            assert.deepStrictEqual(summary, [["n-first", "SUCCEEDED"], ["n-second", "FAILED"]]);
            await connection.disconnect();
            process.exit(0);
        })();
        """);

    [Fact]
    public async Task CommandLine_MakesShowsAndEndsJobs()
    {
        await gateway.PythonAsync(
            """
            for i in range(2):
                iot.create_thing(thingName=f"c-{i}")
            """);
        string[] at = ["--data", gateway.Running.Folder];
        var file = Path.Combine(gateway.Running.Folder, "document.json");
        await File.WriteAllTextAsync(file, """{"operation":"reboot"}""");
        Assert.Contains("Job c-job is IN_PROGRESS: 2 things told", await SayAsync(["job", "create", "c-job", "--document", file, "--thing", "c-0", "--thing", "c-1", "--description", "a try", .. at]), StringComparison.Ordinal);
        Assert.Contains("c-job", await SayAsync(["job", "list", .. at]), StringComparison.Ordinal);
        Assert.Contains("QUEUED", await SayAsync(["job", "executions", "c-job", .. at]), StringComparison.Ordinal);
        using var job = JsonDocument.Parse(await SayAsync(["job", "show", "c-job", "--json", .. at]));
        Assert.Equal((2, "a try"), (job.RootElement.GetProperty("queued").GetInt32(), job.RootElement.GetProperty("description").GetString()));
        Assert.Contains("cancel it first", (await GatewayProcess.RunAsync(["job", "delete", "c-job", .. at])).Errors, StringComparison.Ordinal);
        Assert.Contains("is cancelled", await SayAsync(["job", "cancel", "c-job", .. at]), StringComparison.Ordinal);
        await SayAsync(["job", "delete", "c-job", .. at]);
        Assert.Contains("there is no job 'c-job'", (await GatewayProcess.RunAsync(["job", "show", "c-job", .. at])).Errors, StringComparison.Ordinal);
        Assert.Contains("is not registered", (await GatewayProcess.RunAsync(["job", "create", "c-x", "--document", file, "--thing", "nobody", .. at])).Errors, StringComparison.Ordinal);
    }

    private static async Task<string> SayAsync(string[] arguments) => (await GatewayProcess.RunAsync(arguments)).Succeeded().Output;
}
