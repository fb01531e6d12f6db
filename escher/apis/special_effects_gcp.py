"""Commands of gcloud and methods of Google's APIs whose effect their verb does not tell. Data only.

Patterns over `service operation`, one a line; `*` stands for any text, and the longest that fits decides. Sources: the
references of the commands named; each entry prints credentials or settings that commonly hold them (connection strings,
application settings, environment variables), destroys behind a harmless verb, runs what the caller hands over, or works
on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.vocabulary import Effect

_PATTERNS: Mapping[Effect, str] = {
    "secret": """
        auth print-*
        auth application-default print-access-token
        compute instances get-serial-port-output
        compute instances tail-serial-port-output
        compute instances get-guest-attributes
        compute instances get-screenshot
        compute reset-windows-password
        compute sign-url
        compute connect-to-serial-port
        container clusters get-credentials
        container * get-credentials
        developer-connect connections git-repository-links fetch-read-*
        firestore user-creds reset-password
        firestore user-creds create
        firestore databases connection-string
        functions describe
        run services describe
        run revisions describe
        run jobs describe
        iam service-accounts keys create
        iam service-accounts sign-*
        iam workload-identity-pools create-cred-config
        iam workforce-pools create-cred-config
        iam * create-cred-config
        iam oauth-clients credentials *
        iap oauth-clients *
        kms asymmetric-decrypt
        kms asymmetric-sign
        kms decrypt
        kms raw-decrypt
        kms mac-sign
        oracle-database autonomous-databases generate-wallet
        parametermanager parameters versions render
        redis instances get-auth-string
        runtime-config configs variables get-value
        secrets versions access
        services api-keys get-key-string
        services api-keys create
        sql generate-login-token
        storage sign-url
        storage hmac create
        *reset-secret
        *get-credentials
        *fetch-database-properties
        workspace-add-ons get-authorization
        bms instances auth-info
        functions list
        run services list
        run jobs list
        iam projects.serviceAccounts.keys.create
        iamcredentials *.*
        *.getSerialPortOutput
        *.getGuestAttributes
        *.getScreenshot
        *.decrypt
        *.asymmetricSign
        *.asymmetricDecrypt
        *.macSign
        *.rawDecrypt
        secretmanager *.versions.access
        apikeys *.getKeyString
        apikeys *.keys.create
        storage projects.hmacKeys.create
        redis *.getAuthString
        sqladmin *.generateEphemeralCert
        sqladmin sslCerts.insert
        cloudfunctions *.functions.get
        cloudfunctions *.functions.list
        run *.services.get
        run *.services.list
        run *.jobs.get
        run *.jobs.list
    """,
    "destroy": """
        *bulk-delete
        *abandon-instances
        *delete-instances
        *destroy
        *drop
        *kill
        *purge
        *undeploy
        *undeploy-model
        *undeploy-index
        *unregister
        *unenroll
        *unmanage
        *recreate-instances
        *request-delete
        *reimage
        *revert
        *repair
        *clean-up
        *cleanup
        alloydb instances inject-fault
        compute instances report-host-as-faulty
        compute instances send-diagnostic-interrupt
        compute project-info remove-*
        dataflow jobs drain
        projects delete
        sql instances restore-backup
        sql backups restore
        sql instances promote-replica
        storage rm
        datastore indexes cleanup
        sqladmin instances.restoreBackup
        sqladmin instances.promoteReplica
        compute instances.sendDiagnosticInterrupt
        *.abandonInstances
        *.recreateInstances
        cloudkms *.destroy
        *.initiateDelete
        *.requestRemovePeering
    """,
    "write": """
        kms keys versions restore
        kms encrypt
        kms raw-encrypt
        compute instances remove-labels
        compute *remove-labels
        compute instances remove-tags
        compute instances remove-resource-policies
        compute disks remove-resource-policies
        compute target-pools remove-*
        scc findings bulk-mute
        services disable
        cloudkms *.encrypt
        *.removeResourcePolicies
    """,
    "read": """
        asset search-all-*
        asset get-*
        asset list
        asset query
        asset analyze-iam-policy
        asset analyze-org-*
        compute instance-groups managed wait-until*
        compute disks wait-for-*
        logging read
        kms mac-verify
        policy-troubleshoot *
        policy-intelligence query-activity
        privateca pools get-ca-certs
        recommender *list
        storage du
        storage ls
        workflows executions wait*
        builds get-default-service-account
        *.aggregatedList
        *.testIamPermissions
        *.getIamPolicy
        *.wait
        logging entries.list
        bigquery jobs.get
        cloudasset *.search*
        cloudasset *.analyze*
        iam projects.serviceAccounts.keys.list
        iam projects.serviceAccounts.keys.get
        apikeys *.keys.list
        apikeys *.keys.get
        cloudkms *.get
        cloudkms *.list
        storage projects.hmacKeys.list
        *.getEffectiveFirewalls
        *.getHealth
        storage objects.list
    """,
    "unknown": """
        ai-platform local *
        ai * predict
        app browse
        app deploy
        app open-console
        artifacts * download
        artifacts * upload
        auth *
        builds submit
        bq *
        cheat-sheet
        cloud-shell *
        code *
        components *
        compute config-ssh
        compute copy-files
        compute diagnose *
        compute scp
        compute ssh
        compute start-iap-tunnel
        compute tpus tpu-vm s*
        compute instances ops-agents *
        config *
        container images *
        datastore *port
        deployment-manager deployments create
        deployment-manager deployments update
        docker
        emulators *
        endpoints services deploy
        feedback
        functions call
        functions deploy
        functions local *
        help
        info
        init
        interactive
        ml *
        ml-engine *
        resource-config *
        run deploy
        run jobs deploy
        run services proxy
        run services replace
        run jobs execute
        source repos clone
        spanner cli
        spanner databases execute-sql
        spanner samples *
        spanner migrate *
        sql connect
        sql import *
        storage cat
        storage cp
        storage mv
        storage rsync
        survey
        terraform *
        topic *
        workflows run
        workflows execute
        workstations s*
        pubsub subscriptions pull
        pubsub lite-subscriptions subscribe
        tasks lease
        bigquery jobs.insert
        bigquery jobs.query
        storage objects.get
        storage objects.insert
        cloudfunctions *.call
        *.executeSql
        *.executeStreamingSql
        run *.jobs.run
        cloudbuild *.builds.create
        deploymentmanager deployments.insert
        deploymentmanager deployments.update
        pubsub *.subscriptions.pull
        workflowexecutions *.create
        *.exportData
        *.export
    """,
}
EFFECTS: Mapping[Effect, tuple[str, ...]] = {
    effect: tuple(line.strip() for line in text.strip().splitlines()) for effect, text in _PATTERNS.items()
}
